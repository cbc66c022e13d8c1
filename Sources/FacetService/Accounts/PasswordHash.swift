#if Server
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
#endif
