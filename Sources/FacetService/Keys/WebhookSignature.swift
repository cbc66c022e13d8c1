#if Server
  import Crypto
  import Foundation

  /// The headers by which a receiver knows who sent a callback, and that it has it already (Standard Webhooks 1.0.0).
  struct WebhookSignature: Sendable, Hashable {
    let id: String
    let timestamp: Int
    let signature: String

    /// - Parameters:
    ///   - id: The same for every try of a callback.
    ///   - secret: `whsec_` and the key in base64.
    init(_ body: String, id: String, at time: Date, secret: String) {
      self.id = id
      timestamp = Int(time.timeIntervalSince1970)
      let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data())
      let text = Data("\(id).\(timestamp).\(body)".utf8)
      signature = "v1," + Data(HMAC<SHA256>.authenticationCode(for: text, using: key)).base64EncodedString()
    }

    var headers: [(name: String, value: String)] {
      [("webhook-id", id), ("webhook-timestamp", String(timestamp)), ("webhook-signature", signature)]
    }
  }
#endif
