#if Server
  import ArgumentParser
  import FacetGeneration
  import FacetServer
  import FacetService
  import Foundation
  import Logging

  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve the toolkit and generation APIs over HTTP, with a page to try them on.",
      discussion: """
        Clients of the documented APIs work unmodified: point them at this server's address. A browser that opens the \
        address gets a page to drop files on. For generation, `facet generation install` once, and make keys by \
        `facet key create`.

        Everything is kept in one folder. What was accepted survives a crash: after a restart unfinished operations \
        run again. On a fresh folder the first account is made, and its password and client secret are printed, once.

        Every option can be given by environment too: FACET_ and the option's name, as in FACET_MAX_FILE_SIZE=2G.

        EXAMPLES:
          facet serve
          facet serve --data /var/lib/facet --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem
          facet account create alice --data /var/lib/facet

        ADDRESSES:
          /                        the page
          /token, /web-api/…       the toolkit API; /openapi.json describes both
          /v1/…                    the generation API
          /health, /ready          for supervisors and balancers
          /metrics                 for Prometheus
        """)

    /// Of the first key: enough to try things.
    private static let firstCredits = 100

    @OptionGroup var folder: DataFolderOption

    @Option(help: "The address to listen on; 0.0.0.0 for all. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port to listen on; 0 for any that is free. (default: 8080)")
    var port: Int?

    @Option(help: ArgumentHelp("Serve HTTPS with this certificate chain.", valueName: "pem file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The key of the certificate.", valueName: "pem file"))
    var tlsKey: String?

    @Option(help: "Operations at the same time. (default: the processors)")
    var workers: Int?

    @Option(help: "Memory that operations may take together. (default: three quarters of the machine's)")
    var memoryBudget: ByteCount?

    @Option(
      help: ArgumentHelp(
        "The longest that an operation may take: code 72. (default: 900)", valueName: "seconds"))
    var timeout: Int?

    @Option(help: "The largest file: code 51. (default: 1G)")
    var maxFileSize: ByteCount?

    @Option(help: "The largest chunk of an upload: code 54. (default: 64M)")
    var maxChunkSize: ByteCount?

    @Option(help: "Uploads are refused while less than this is free on the disk: code 11. (default: 256M)")
    var minFreeDisk: ByteCount?

    @Option(help: "The most triangles of a model: code 201. (default: 5000000)")
    var maxTriangles: Int?

    @Option(
      help: ArgumentHelp(
        "The largest model for the wall thickness analysis: code 302. (default: 500)", valueName: "mm"))
    var maxDimension: Double?

    @Option(
      help: ArgumentHelp("Files and operations are deleted after this. (default: 30)", valueName: "days"))
    var retention: Double?

    @Option(help: ArgumentHelp("Whom the message of code 11 names.", valueName: "address"))
    var contact: String?

    @Flag(help: "Let callbacks go to addresses of this machine and of private networks.")
    var allowPrivateCallbacks = false

    @Flag(help: "Serve the API alone, without the page.")
    var noPage = false

    @OptionGroup var environment: GenerationEnvironmentOption
    @OptionGroup var model: ModelOptions

    @Option(
      help: ArgumentHelp(
        "The longest that a try to make a part may take: sandbox_timeout after five. (default: by design mode, 30 to 150)",
        valueName: "seconds"))
    var generationSeconds: Double?

    @Option(help: "Memory that a try to make a part may take. (default: by design mode, 4G to 6G)")
    var generationMemory: ByteCount?

    @Option(help: "The largest file of a part: export_failed. (default: 256M)")
    var generationFileSize: ByteCount?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    func run() async throws {
      // Until requests are served a signal just ends the process: nothing is lost by it.
      Signals.useDefaults()
      if let status = Signals.exitStatus { throw ExitCode(status) }
      let settings = try self.settings()
      var logger = Logger(label: "facet")
      let level = Environment.text("log-level", logLevel) ?? "info"
      guard let known = Logger.Level(rawValue: level) else {
        throw Failure.usage("there is no log level \(level)", argument: "log-level")
      }
      logger.logLevel = known
      let data = try folder.open()
      let isNew = data.isNew
      let server: FacetServer
      do {
        server = try FacetServer(data, settings, logger: logger)
      } catch let ServiceError.folderInUse(path) {
        throw Failure.usage("another server works on \(path)", argument: "data")
      }
      if isNew {
        let credentials = try server.service.accounts.create(Account.firstName)
        let key = try server.service.keys.create(
          "first", for: Account.firstName, credits: Serve.firstCredits)
        writeToStandardOutput(
          "The first account of \(data.path), shown once; `facet account` makes others.\n" + credentials.lines
            + "Its first key for the generation API; `facet key` makes others.\n" + key.lines)
      }
      try await server.run { port in
        let scheme = settings.tls == nil ? "http" : "https"
        writeToStandardOutput("Facet listens on \(scheme)://\(settings.host):\(port)\n")
      }
    }

    private func settings() throws -> ServerSettings {
      var settings = ServerSettings()
      settings.host = Environment.text("host", host) ?? settings.host
      settings.port = try Environment.value("port", port, { Int($0) }) ?? settings.port
      guard (0...65_535).contains(settings.port) else {
        throw Failure.usage("a port is a number from 0 to 65535", argument: "port")
      }
      switch (Environment.text("tls-cert", tlsCert), Environment.text("tls-key", tlsKey)) {
      case (let certificate?, let key?): settings.tls = .init(certificate: certificate, key: key)
      case (nil, nil): break
      default: throw Failure.usage("give --tls-cert and --tls-key together", argument: "tls-cert")
      }
      settings.servesPage = !Environment.flag("no-page", noPage)
      try set(&settings.service)
      settings.generation.environment =
        Environment.text("environment", environment.path).map { SandboxEnvironment($0) }
        ?? settings.generation.environment
      settings.generation.model = try model.endpoint
      settings.generation.limits = LimitChanges(
        seconds: try positive("generation-seconds", generationSeconds, { Double($0) }),
        memoryBytes: try bytes("generation-memory", generationMemory),
        fileBytes: try bytes("generation-file-size", generationFileSize))
      settings.toolkit.contact = Environment.text("contact", contact)
      settings.toolkit.maximumTriangles =
        try positive("max-triangles", maxTriangles, { Int($0) }) ?? settings.toolkit.maximumTriangles
      settings.toolkit.maximumDimensionMm =
        try positive("max-dimension", maxDimension, { Double($0) }) ?? settings.toolkit.maximumDimensionMm
      return settings
    }

    private func set(_ service: inout ServiceSettings) throws {
      service.workers = try positive("workers", workers, { Int($0) }) ?? service.workers
      service.memoryBudget = try bytes("memory-budget", memoryBudget) ?? service.memoryBudget
      service.timeout = try positive("timeout", timeout, { Int($0) }).map(Double.init) ?? service.timeout
      service.maximumFileBytes = try bytes("max-file-size", maxFileSize) ?? service.maximumFileBytes
      service.maximumChunkBytes = try bytes("max-chunk-size", maxChunkSize) ?? service.maximumChunkBytes
      service.reservedDiskBytes = try bytes("min-free-disk", minFreeDisk) ?? service.reservedDiskBytes
      service.retention =
        try positive("retention", retention, { Double($0) }).map { $0 * 86_400 } ?? service.retention
      service.allowsPrivateCallbacks = Environment.flag("allow-private-callbacks", allowPrivateCallbacks)
    }

    private func bytes(_ name: String, _ given: ByteCount?) throws -> Int? {
      try Environment.value(name, given) { ByteCount(argument: $0) }?.bytes
    }

    private func positive<Value: Comparable & ExpressibleByIntegerLiteral>(
      _ name: String, _ given: Value?, _ read: (String) -> Value?
    ) throws -> Value? {
      let value = try Environment.value(name, given, read)
      if let value, value <= 0 { throw Failure.usage("it must be more than 0", argument: name) }
      return value
    }
  }

  extension Credentials {
    var lines: String {
      """
        user name: \(userName)
        password: \(password)
        client id: \(clientId)
        client secret: \(clientSecret)

      """
    }
  }
#elseif CommandLine
  import ArgumentParser

  /// Stands in for the server in a build that has none.
  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve the toolkit API over HTTP; this build has no server in it.",
      discussion: "Build it in with: swift build -c release --traits Server (needs libsqlite3-dev)")

    @Argument(parsing: .allUnrecognized, help: .hidden) var rest: [String] = []

    func run() throws {
      throw Failure.usage(
        "this build has no server in it; build it in with: swift build -c release --traits Server",
        argument: "serve")
    }
  }
#endif
