#if Server
  import Facet
  import Foundation
  import GRDB
  import Logging
  import NIOPosix

  /// Keeps files, does jobs, and loses neither: the part of a server that knows no protocol.
  public final class FacetService: Sendable {
    public let accounts: Accounts
    public let tokens: Tokens
    public let keys: APIKeys
    public let files: Files
    public let jobs: Jobs
    public let downloads: DownloadLinks
    public let settings: ServiceSettings
    /// Wait for the disk, so that no thread that serves requests has to.
    public let diskThreads = NIOThreadPool(numberOfThreads: 4)
    /// Derive keys from passwords: slow on purpose, so they are few, and no upload is behind them.
    public let keyThreads = NIOThreadPool(numberOfThreads: 2)

    private let folder: DataFolder
    private let lock: FolderLock
    let store: Store
    private let workers: Workers
    let callbacks: Callbacks
    let cleaning: Cleaning
    private let background = Background()
    private let endedJobs = Lock<[String: Int]>([:])

    /// Takes a data folder.
    ///
    /// - Throws: ``ServiceError/folderInUse(_:)`` while another service has it, and what disk and database say.
    public init(
      _ folder: DataFolder, _ settings: ServiceSettings = .init(), runner: any JobRunner, logger: Logger
    ) throws {
      self.folder = folder
      self.settings = settings
      lock = try folder.locked()
      store = try Store(folder)
      accounts = Accounts(store: store, settings: settings)
      tokens = Tokens(store: store, settings: settings)
      keys = APIKeys(store: store, settings: settings)
      downloads = try DownloadLinks(store: store, settings: settings)
      files = Files(folder: folder, store: store, settings: settings, threads: diskThreads)
      let journal = JobJournal(store: store, folder: folder, settings: settings)
      workers = Workers(journal, runner, settings, logger)
      jobs = Jobs(journal: journal, workers: workers, settings: settings)
      callbacks = Callbacks(store, settings, runner, logger)
      cleaning = Cleaning(store: store, folder: folder, settings: settings, logger: logger)
    }

    /// Goes on where the last process stopped.
    public func start() throws {
      diskThreads.start()
      keyThreads.start()
      let waiting = try jobs.journal.recover()
      for job in waiting { workers.add(job) }
      workers.onEnd = { [callbacks, endedJobs] job in
        endedJobs.withLock { $0[job.state.rawValue, default: 0] += 1 }
        if job.callbackURL != nil { callbacks.notice() }
      }
      workers.start()
      background.add { [callbacks] in await callbacks.run() }
      background.add { [cleaning] in await cleaning.run() }
    }

    /// Stops; operations that run are put back for the next process.
    public func stop() async {
      await background.stop()
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { [workers] in
          workers.stop()
          continuation.resume()
        }
      }
      try? await keyThreads.shutdownGracefully()
      try? await diskThreads.shutdownGracefully()
      try? store.close()
    }

    /// What the service is at.
    public struct Figures: Sendable {
      public let waitingJobs: Int
      public let runningJobs: Int
      /// Since the service started, by ``Job/State``.
      public let endedJobs: [String: Int]
      public let freeDiskBytes: Int
    }

    public var figures: Figures {
      let counts = workers.counts
      return Figures(
        waitingJobs: counts.waiting, runningJobs: counts.running, endedJobs: endedJobs.withLock { $0 },
        freeDiskBytes: folder.freeBytes)
    }

    /// Whether requests can be served: the database answers and the disk has room.
    public func isReady() async -> Bool {
      guard folder.freeBytes > settings.reservedDiskBytes else { return false }
      return (try? await store.read { db in try Bool.fetchOne(db, sql: "SELECT 1") }) == true
    }
  }

  /// Tasks that go on beside the requests until the service stops.
  private final class Background: Sendable {
    private let tasks = Lock<[Task<Void, Never>]>([])

    func add(_ body: @escaping @Sendable () async -> Void) {
      let task = Task(operation: body)
      tasks.withLock { $0.append(task) }
    }

    func stop() async {
      let all = tasks.withLock { $0 }
      for task in all { task.cancel() }
      for task in all { await task.value }
    }
  }
#endif
