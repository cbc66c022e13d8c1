#if Server
  import GRDB

  /// The tables. A version that was released never changes; the next one migrates from it.
  enum Schema {
    static var migrator: DatabaseMigrator {
      var migrator = DatabaseMigrator()
      migrator.registerMigration("1: accounts, files, operations") { db in
        try db.execute(sql: version1)
      }
      migrator.registerMigration("2: keys and what is paid for with them") { db in
        try db.execute(sql: version2)
      }
      return migrator
    }

    private static let version1 = """
      CREATE TABLE account (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, passwordHash TEXT NOT NULL,
        clientId TEXT NOT NULL UNIQUE, clientSecretHash BLOB NOT NULL, isDisabled BOOLEAN NOT NULL,
        expiresAt DATETIME, uploadsPerMonth INTEGER, diskBytes INTEGER, createdAt DATETIME NOT NULL
      );

      CREATE TABLE token (
        hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, kind TEXT NOT NULL,
        label TEXT, createdAt DATETIME NOT NULL, expiresAt DATETIME NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX tokenByExpiry ON token (expiresAt);

      -- By name and not by account: whoever guesses names learns nothing from which of them lock.
      CREATE TABLE loginFailure (
        name TEXT PRIMARY KEY COLLATE NOCASE, count INTEGER NOT NULL, lockedUntil DATETIME NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE uploadCount (
        account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, month TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (account, month)
      ) WITHOUT ROWID;

      -- Clients choose the ids of chunked uploads, so an id is one account's. Some write UUIDs in upper case.
      CREATE TABLE file (
        account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, id TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL,
        mediaType TEXT NOT NULL, blob TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
        createdAt DATETIME NOT NULL,
        PRIMARY KEY (account, id)
      ) WITHOUT ROWID;
      CREATE INDEX fileByBlob ON file (blob);
      CREATE INDEX fileByAge ON file (createdAt);

      CREATE TABLE chunk (
        account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, file TEXT NOT NULL COLLATE NOCASE, number INTEGER NOT NULL,
        blob TEXT NOT NULL, bytes INTEGER NOT NULL, createdAt DATETIME NOT NULL,
        PRIMARY KEY (account, file, number)
      ) WITHOUT ROWID;
      CREATE INDEX chunkByBlob ON chunk (blob);

      CREATE TABLE job (
        id TEXT PRIMARY KEY COLLATE NOCASE, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, name TEXT NOT NULL,
        request TEXT NOT NULL, input TEXT COLLATE NOCASE, state TEXT NOT NULL, attempts INTEGER NOT NULL, outcome TEXT,
        callbackURL TEXT, createdAt DATETIME NOT NULL, finishedAt DATETIME
      ) WITHOUT ROWID;
      CREATE INDEX jobByState ON job (state, createdAt);
      CREATE INDEX jobByInput ON job (account, input);

      CREATE TABLE callback (
        job TEXT PRIMARY KEY REFERENCES job ON DELETE CASCADE, attempts INTEGER NOT NULL, nextAt DATETIME NOT NULL
      ) WITHOUT ROWID;
      """

    private static let version2 = """
      -- The signing secret is kept as it is: signatures are made with it.
      CREATE TABLE apiKey (
        id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, name TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE, lastFour TEXT NOT NULL, credits INTEGER NOT NULL CHECK (credits >= 0),
        signingSecret TEXT NOT NULL, createdAt DATETIME NOT NULL, rotatedAt DATETIME, revokedAt DATETIME
      ) WITHOUT ROWID;

      -- For the sliding windows of the rate limits, in microseconds since 1970: their edges are exact.
      CREATE TABLE apiCall (
        apiKey TEXT NOT NULL REFERENCES apiKey ON DELETE CASCADE, at INTEGER NOT NULL
      );
      CREATE INDEX apiCallByTime ON apiCall (apiKey, at);

      -- A job that a key pays for. The credits are the key's again when the job fails, and are 0 here from then on.
      CREATE TABLE paidJob (
        job TEXT PRIMARY KEY REFERENCES job ON DELETE CASCADE,
        apiKey TEXT NOT NULL REFERENCES apiKey ON DELETE CASCADE,
        idempotencyKey TEXT, credits INTEGER NOT NULL CHECK (credits >= 0),
        UNIQUE (apiKey, idempotencyKey)
      ) WITHOUT ROWID;

      CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
      """
  }
#endif
