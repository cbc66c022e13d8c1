#if Server
  import FacetContract
  import FacetGeneration
  import FacetService
  import Hummingbird
  import HummingbirdCore
  import HummingbirdTLS
  import Logging
  import NIOCore
  import ServiceLifecycle

  /// The documented APIs over HTTP, on a data folder.
  public struct FacetServer: Sendable {
    public let service: FacetService
    private let settings: ServerSettings
    private let logger: Logger
    private let presenter: ToolkitPresenter
    private let generation: GenerationPresenter
    private let addresses: ServerAddresses
    /// Bytes of models that are kept between operations at most: room for some minutes' clients, and no burden on an
    /// idle machine.
    private static let modelBytes = 128 << 20

    /// - Throws: ``ServiceError/folderInUse(_:)`` while another server works on the folder, and what disk and database
    ///   say.
    public init(_ folder: DataFolder, _ settings: ServerSettings = .init(), logger: Logger) throws {
      try self.init(folder, settings, settings.generation.generator, logger: logger)
    }

    /// With a generator of one's own, for tests.
    package init(
      _ folder: DataFolder, _ settings: ServerSettings, _ generator: any PartGenerator, logger: Logger
    ) throws {
      self.settings = settings
      self.logger = logger
      addresses = ServerAddresses(servesTLS: settings.tls != nil)
      presenter = ToolkitPresenter(
        settings: settings.toolkit, timeout: settings.service.timeout, addresses: addresses)
      generation = GenerationPresenter(
        settings: GenerationSettings(allowsLoopbackCallbacks: settings.service.allowsPrivateCallbacks))
      // The models that are kept come out of the operations' memory.
      var service = settings.service
      let models = ModelCache(capacity: min(service.memoryBudget / 16, FacetServer.modelBytes))
      service.memoryBudget -= models.capacity
      let runner = ServerRunner(
        toolkit: ToolkitRunner(presenter, models),
        generation: GenerationRunner(generator: generator, logger: logger), presenter: generation)
      self.service = try FacetService(folder, service, runner: runner, logger: logger)
      runner.use(self.service.downloads)
    }

    /// Serves until SIGTERM or SIGINT: then what is being answered is answered, and what runs is put back.
    ///
    /// - Parameter onListening: Told the port once requests are served.
    public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws {
      try await application(onListening: onListening).runService()
    }

    /// The application, for tests too.
    package func application(
      onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
      // A connection that says nothing for this long is closed: slow clients must not use the server up.
      let plain = HTTPServerBuilder.http1(
        configuration: .init(
          additionalChannelHandlers: [ExpectContinue(), Refusals()], idleTimeout: .seconds(60)))
      let builder = try settings.tls.map { try .tls(plain, tlsConfiguration: FacetServer.tls($0)) } ?? plain
      return Application(
        router: router(), server: builder,
        configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "facet"),
        services: [Lifecycle(service: service)],
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    private func router() -> Router<ServerContext> {
      let router = Router(
        context: ServerContext.self, options: [.caseInsensitive, .autoGenerateHeadEndpoints])
      let metrics = RequestMetrics()
      let known = KnownAddresses()
      router.add(middleware: Measuring(metrics: metrics))
      router.add(
        middleware: FailureResponses(
          presenter: presenter, generation: GenerationFailures(presenter: generation), addresses: known))
      OperatingRoutes(service: service, metrics: metrics).add(to: router)
      if settings.servesPage { PageRoutes().add(to: router) }
      router.post(
        "token",
        use: TokenRoute(service: service, presenter: presenter, allowsPage: settings.servesPage).answer)
      let group = router.group("web-api/operation").add(middleware: Authentication(tokens: service.tokens))
      FileRoutes(service: service, presenter: presenter).add(to: group)
      OperationRoutes(service: service, presenter: presenter).add(to: group)
      let version = router.group("v1")
      GenerationRoutes(
        service: service, presenter: generation, addresses: addresses,
        pictures: PictureCheck(sandbox: Sandbox(settings.generation.environment))
      ).add(to: version)
      KeyRoutes(service: service, presenter: generation).add(to: version)
      known.take(from: router)
      return router
    }

    private static func tls(_ files: ServerSettings.TLSFiles) throws -> TLSConfiguration {
      TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
    }
  }

  /// Starts the service before the first request, and stops it after the last.
  private struct Lifecycle: Service {
    let service: FacetService

    func run() async throws {
      try service.start()
      try? await gracefulShutdown()
      await service.stop()
    }
  }
#endif
