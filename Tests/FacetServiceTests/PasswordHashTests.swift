#if Server
  @testable import FacetService
  import Foundation
  import Testing

  @Suite struct PasswordHashTests {
    private static var cost: PasswordCost {
      var cost = PasswordCost()
      cost.rounds = 16
      cost.parallelism = 1
      return cost
    }

    @Test func aPasswordMatchesItsHashAlone() throws {
      let hash = try PasswordHash(of: "pässword", Self.cost)
      #expect(try hash.matches("pässword"))
      #expect(try !hash.matches("passwort"))
      #expect(try !hash.matches(""))
      #expect(try PasswordHash(of: "pässword", Self.cost).text != hash.text)
      #expect(try PasswordHash(text: hash.text).matches("pässword"))
      #expect(try !PasswordHash(text: "plain").matches("plain"))
    }

    /// The second vector of RFC 7914, section 12.
    @Test func theKeyIsThatOfTheStandard() throws {
      let salt = Data("NaCl".utf8).base64EncodedString()
      let key = Data([
        0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9, 0xfe, 0x7c,
        0x6a,
        0xd7, 0xcb, 0xc8, 0x23, 0x78, 0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37, 0x31, 0x62,
      ]).base64EncodedString()
      #expect(try PasswordHash(text: "scrypt$1024$8$16$\(salt)$\(key)").matches("password"))
    }

    @Test func secretsAreLongAndPlain() {
      let secrets = (0..<100).map { _ in Secret.make() }
      #expect(Set(secrets).count == 100)
      for secret in secrets { #expect(secret.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil) }
      #expect(isEqualInConstantTime(Data([1, 2]), Data([1, 2])))
      #expect(!isEqualInConstantTime(Data([1, 2]), Data([1, 3])))
      #expect(!isEqualInConstantTime(Data([1]), Data([1, 3])))
    }
  }
#endif
