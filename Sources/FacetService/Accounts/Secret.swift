#if Server
  import Crypto
  import Foundation

  /// Random words that open doors. Only their hashes are kept: they have 256 bits, so a plain hash is enough.
  enum Secret {
    /// 43 letters, digits, `-` and `_`: nothing that a form or a shell would read as something else.
    static func make() -> String {
      randomBytes(32).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=", with: "")
    }

    static func hash(_ secret: String) -> Data { Data(SHA256.hash(data: Data(secret.utf8))) }

    static func randomBytes(_ count: Int) -> Data {
      var generator = SystemRandomNumberGenerator()
      return Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }

  /// Takes the same time wherever the two differ.
  func isEqualInConstantTime(_ a: Data, _ b: Data) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
#endif
