#if Server
  import FacetContract
  import HTTPTypes
  import NIOCore
  import NIOHTTP1
  import NIOHTTPTypes

  /// Answers what cannot be read as HTTP, so that even this is no empty reply, and closes the connection.
  final class Refusals: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var isAnswering = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      switch unwrapOutboundIn(data) {
      case .head(let head): isAnswering = head.status.kind != .informational
      case .body: break
      case .end: isAnswering = false
      }
      context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      guard error is HTTPParserError else {
        context.fireErrorCaught(error)
        return
      }
      if !isAnswering {
        let failure = ToolkitFailure(.invalidParameter("request"), detail: "it is not HTTP, or breaks off")
        let body = ByteBuffer(string: failure.json.text())
        let head = HTTPResponse(
          status: .badRequest,
          headerFields: [
            .contentType: "application/json; charset=utf-8", .contentLength: String(body.readableBytes),
            .connection: "close",
          ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
      context.close(promise: nil)
    }
  }
#endif
