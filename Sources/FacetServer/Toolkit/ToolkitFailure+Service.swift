#if Server
  import Facet
  import FacetContract
  import FacetService
  import Hummingbird
  import NIOCore
  import NIOHTTP1

  extension ToolkitFailure {
    /// What went wrong with a call, as the toolkit API says it.
    init(_ error: any Error, _ settings: ToolkitSettings) {
      switch error {
      case let failure as ToolkitFailure: self = failure
      case let error as ServiceError: self.init(error, settings)
      case let error as MeshError: self.init(error, during: .upload, settings)
      case let error as MultipartError: self.init(.invalidParameter("file"), detail: error.description)
      case let error as HTTPError where error.status == .notFound:
        self.init(
          .operationNotFound(id: "unknown"), detail: "there is no such address; /openapi.json lists them")
      case let error as HTTPError where error.status.code < 500:
        self.init(.invalidParameter("request"), detail: error.body)
      // The body did not come to its end: the client's doing, who mostly is not there any more to read this.
      case is HTTPParserError, is ChannelError, is IOError, is CancellationError:
        self.init(.invalidParameter("body"), detail: "it breaks off")
      default: self.init(.serverError)
      }
    }

    private init(_ error: ServiceError, _ settings: ToolkitSettings) {
      switch error {
      case .wrongCredentials: self.init(.accessDenied(.missingOrInvalid))
      case .locked(let seconds):
        self.init(
          .accessDenied(.missingOrInvalid),
          detail: "too many wrong passwords; try again in \(seconds) seconds")
      case .accountDisabled: self.init(.accessDenied(.insufficient), detail: "the account is disabled")
      case .subscriptionExpired: self.init(.subscriptionExpired)
      case .uploadLimitReached(let limit): self.init(.uploadLimitReached, detail: "\(limit) in a month")
      case .fileNotFound(let id): self.init(.fileNotFound(id: id))
      case .fileExists(let id): self.init(.fileExists(id: id))
      case .fileEmpty: self.init(.fileEmpty)
      case .fileTooBig(let limit): self.init(.fileTooBig, detail: "the limit is \(limit) bytes")
      case .diskQuotaExceeded(let quota):
        self.init(.fileTooBig, detail: "the account's files may take \(quota) bytes together; delete some")
      case .chunkEmpty: self.init(.chunkEmpty)
      case .chunkTooBig(let limit): self.init(.chunkTooBig, detail: "the limit is \(limit) bytes")
      case .chunksDoNotMatch(let details): self.init(.chunkedUploadCommit(details: details))
      case .operationNotFound(let id): self.init(.operationNotFound(id: id))
      case .outOfSpace:
        self.init(.temporaryError(contact: settings.contact), detail: "the server's disk is full")
      // Of managing accounts, and of keys, which no call of this API does.
      case .nameTaken, .wrongName, .noSuchAccount, .noSuchKey, .folderInUse, .tooFewCredits, .tooManyCalls:
        self.init(.serverError)
      }
    }
  }

  extension MultipartError: CustomStringConvertible {
    var description: String {
      switch self {
      case .noFile: "no part of the body has a file name"
      case .cut: "the body ends inside a part"
      case .headTooLong: "a part's headers are longer than 16 KiB"
      }
    }
  }
#endif
