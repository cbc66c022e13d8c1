#if Server
  import ArgumentParser
  import FacetOperations
  import FacetService
  import Foundation

  /// Manages the accounts of a data folder, while a server works on it or not.
  struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "account",
      abstract: "Create and manage the accounts of a server.",
      discussion: """
        Works on the server's data folder, whether the server runs or not; what is changed counts from the next \
        request on.

        EXAMPLES:
          facet account create alice
          facet account change alice --uploads-per-month 500 --disk 20G --expires 2027-12-31
          facet account disable alice
          facet account list
        """,
      subcommands: [Create.self, List.self, Change.self, Disable.self, Enable.self, Password.self])

    struct Create: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make an account, and print what its programs need. The secrets are shown once.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String
      @Flag(help: "Read the password from standard input instead of making one.") var passwordFromInput =
        false
      @Flag(help: "Print JSON.") var json = false

      func run() throws {
        let password = passwordFromInput ? try readPassword() : nil
        let credentials = try reporting { try Accounts(folder.open()).create(name, password: password) }
        if json {
          let object: JSONValue = [
            "userName": .string(credentials.userName), "password": .string(credentials.password),
            "clientId": .string(credentials.clientId), "clientSecret": .string(credentials.clientSecret),
          ]
          writeToStandardOutput(object.text(pretty: true) + "\n")
        } else {
          writeToStandardOutput(credentials.lines)
        }
      }
    }

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "List the accounts with their limits.")
      @OptionGroup var folder: DataFolderOption
      @Flag(help: "Print JSON.") var json = false

      func run() throws {
        let accounts = try Accounts(folder.openExisting())
        let all = try accounts.list().map {
          (account: $0, uploads: try accounts.uploadsThisMonth($0), bytes: try accounts.bytesUsed($0))
        }
        if json {
          let objects: [JSONValue] = all.map { entry in
            let account = entry.account
            return [
              "name": .string(account.name), "isDisabled": .bool(account.isDisabled),
              "expiresAt": account.expiresAt.map { .string($0.ISO8601Format()) } ?? .null,
              "uploadsThisMonth": .integer(entry.uploads),
              "uploadsPerMonth": account.uploadsPerMonth.map(JSONValue.integer) ?? .null,
              "bytes": .integer(entry.bytes), "diskBytes": account.diskBytes.map(JSONValue.integer) ?? .null,
            ]
          }
          writeToStandardOutput(JSONValue.array(objects).text(pretty: true) + "\n")
          return
        }
        for entry in all {
          let account = entry.account
          var words = [account.name]
          if account.isDisabled { words.append("disabled") }
          if let end = account.expiresAt { words.append("until \(end.ISO8601Format())") }
          words.append(
            "\(entry.uploads)\(account.uploadsPerMonth.map { " of \($0)" } ?? "") uploads this month")
          words.append("\(entry.bytes)\(account.diskBytes.map { " of \($0)" } ?? "") bytes")
          writeToStandardOutput(words.joined(separator: "  ") + "\n")
        }
      }
    }

    struct Change: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Set an account's limits; 'none' takes one away.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String
      @Option(help: "Uploads in a calendar month at most: code 61.") var uploadsPerMonth: String?
      @Option(help: "What its files may take on the disk, such as 20G: code 51.") var disk: String?
      @Option(help: ArgumentHelp("When the subscription ends (UTC): code 60.", valueName: "date"))
      var expires: String?

      func run() throws {
        let uploads = try limit("uploads-per-month", uploadsPerMonth) {
          Int($0).flatMap { $0 >= 0 ? $0 : nil }
        }
        let bytes = try limit("disk", disk) { ByteCount(argument: $0)?.bytes }
        let end = try limit("expires", expires, date)
        try reporting {
          try Accounts(folder.openExisting()).change(name) { account in
            if let uploads { account.uploadsPerMonth = uploads }
            if let bytes { account.diskBytes = bytes }
            if let end { account.expiresAt = end }
          }
        }
      }

      /// nil to leave it, nil inside to take it away.
      private func limit<Value>(_ option: String, _ text: String?, _ read: (String) -> Value?) throws
        -> Value??
      {
        guard let text else { return .none }
        if text.lowercased() == "none" { return .some(nil) }
        guard let value = read(text) else {
          throw Failure.usage("'\(text)' cannot be read; 'none' takes the limit away", argument: option)
        }
        return value
      }

      /// A day counts to its end.
      private func date(_ text: String) -> Date? {
        if let day = try? Date(text, strategy: .iso8601.year().month().day()) { return day + 86_400 }
        return try? Date(text, strategy: .iso8601)
      }
    }

    struct Disable: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Refuse an account's calls from now on; its files stay.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String

      func run() throws {
        try reporting { try Accounts(folder.openExisting()).change(name) { $0.isDisabled = true } }
      }
    }

    struct Enable: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Let a disabled account in again.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String

      func run() throws {
        try reporting { try Accounts(folder.openExisting()).change(name) { $0.isDisabled = false } }
      }
    }

    struct Password: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Give an account a new password, and end its sessions.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String
      @Flag(help: "Read the password from standard input instead of making one.") var passwordFromInput =
        false

      func run() throws {
        let given = passwordFromInput ? try readPassword() : nil
        let password = try reporting { try Accounts(folder.openExisting()).setPassword(name, given) }
        if given == nil { writeToStandardOutput("password: \(password)\n") }
      }
    }
  }

  private func readPassword() throws -> String {
    guard let line = readLine(), !line.isEmpty else {
      throw Failure.usage("give the password on standard input, in one line", argument: "password-from-input")
    }
    return line
  }

  /// Runs a change, and says what the service refuses as the other commands would.
  @discardableResult func reporting<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ServiceError {
      switch error {
      case .nameTaken(let name): throw Failure.usage("there is an account \(name) already", argument: "name")
      case .wrongName:
        throw Failure.usage("a name has 1 to \(Account.longestName) bytes", argument: "name")
      case .noSuchKey(let id):
        throw Failure.usage("there is no key \(id); facet key list has them", argument: "id")
      case .noSuchAccount(let name): throw Failure.usage("there is no account \(name)", argument: "name")
      default: throw Failure.usage("\(error)", argument: "data")
      }
    }
  }
#endif
