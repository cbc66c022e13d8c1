#if Server
  import Crypto
  import CryptoExtras
  import Foundation

  /// What one guess of a password costs. The defaults are of OWASP's list of scrypt settings that are as strong as each
  /// other (32 MiB, three times over).
  public struct PasswordCost: Sendable, Hashable {
    /// A power of two; a guess takes `rounds * blockSize * 128` bytes.
    public var rounds = 1 << 15
    public var blockSize = 8
    public var parallelism = 3

    public init() {}
  }

  /// A password as it is kept: `scrypt$rounds$blockSize$parallelism$salt$key` (RFC 7914), salt and key in Base64.
  struct PasswordHash: Sendable {
    let text: String

    init(text: String) { self.text = text }

    init(of password: String, _ cost: PasswordCost) throws {
      let salt = Secret.randomBytes(16)
      let key = try PasswordHash.key(password, salt, cost)
      text =
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$"
        + "\(salt.base64EncodedString())$\(key.base64EncodedString())"
    }

    func matches(_ password: String) throws -> Bool {
      let parts = text.split(separator: "$")
      guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
        let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
        let key = Data(base64Encoded: String(parts[5]))
      else { return false }
      var cost = PasswordCost()
      (cost.rounds, cost.blockSize, cost.parallelism) = (rounds, blockSize, parallelism)
      return isEqualInConstantTime(try PasswordHash.key(password, salt, cost), key)
    }

    private static func key(_ password: String, _ salt: Data, _ cost: PasswordCost) throws -> Data {
      let key = try KDF.Scrypt.deriveKey(
        from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
        blockSize: cost.blockSize,
        parallelism: cost.parallelism)
      return key.withUnsafeBytes { Data($0) }
    }
  }

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
