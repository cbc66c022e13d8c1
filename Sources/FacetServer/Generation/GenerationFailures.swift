#if Server
  import FacetContract
  import FacetService
  import Hummingbird
  import NIOCore
  import NIOHTTP1

  /// Whatever goes wrong with a call of the generation API is answered as it documents.
  struct GenerationFailures: Sendable {
    let presenter: GenerationPresenter

    /// The addresses of this API.
    static let prefix = "/v1/"

    /// - Parameter methods: Those that the address takes, when it is the method that was wrong.
    func reply(to error: any Error, _ context: ServerContext, methods: [String]?) -> Response {
      if let methods {
        let list = methods.joined(separator: ", ")
        return presenter.failure(
          GenerationError.Code.invalidInput.rawValue, "this address takes \(list)", .methodNotAllowed,
          [.allow: list])
      }
      if let error = GenerationError(error) { return presenter.failure(error) }
      let code = GenerationJobError.Code.internalError.rawValue
      if case ServiceError.outOfSpace = error {
        return presenter.failure(code, "The server's disk is full; try again later", .serviceUnavailable)
      }
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      return presenter.failure(
        code, "Unexpected server-side error (request \(context.id)); try again later", .internalServerError)
    }
  }

  extension GenerationError {
    /// What went wrong with a call, as the API says it; nil for the server's own troubles.
    init?(_ error: any Error) {
      switch error {
      case let error as GenerationError: self = error
      case let error as ServiceError: self.init(error)
      case let failure as ToolkitFailure:
        // Of reading a body, which both APIs do alike.
        guard case .invalidParameter(let name) = failure.first else { return nil }
        let detail = failure.entries.first?.detail.map { ": \($0)" } ?? ""
        self = .invalidInput("the \(name) is not as it has to be\(detail)")
      case let error as MultipartError: self = .invalidInput(error.description)
      case let error as HTTPError where error.status == .notFound: self = .jobNotFound
      case let error as HTTPError where error.status.code < 500:
        self = .invalidInput(error.body ?? "the request cannot be understood")
      case is HTTPParserError, is ChannelError, is IOError, is CancellationError:
        self = .invalidInput("the request body breaks off")
      default: return nil
      }
    }

    private init?(_ error: ServiceError) {
      switch error {
      case .wrongCredentials, .accountDisabled: self = .invalidAPIKey
      case .operationNotFound, .noSuchKey: self = .jobNotFound
      case .fileNotFound: self = .outputExpired
      case .tooFewCredits(let needed, let left):
        self = .paymentRequired(neededCredits: needed, remainingCredits: left)
      case .subscriptionExpired: self = .paymentRequired(neededCredits: 1, remainingCredits: 0)
      case .tooManyCalls(let seconds): self = .quotaExceeded(retryAfterSeconds: seconds)
      case .diskQuotaExceeded(let bytes):
        self = .invalidInput("the account's files may take \(bytes) bytes together")
      case .noSuchAccount(let name): self = .invalidInput("account must name an account; there is no \(name)")
      case .wrongName: self = .invalidInput("name must have 1 to \(Account.longestName) bytes")
      case .outOfSpace, .locked, .uploadLimitReached, .fileExists, .fileEmpty, .fileTooBig, .chunkEmpty,
        .chunkTooBig, .chunksDoNotMatch, .nameTaken, .folderInUse:
        return nil
      }
    }
  }
#endif
