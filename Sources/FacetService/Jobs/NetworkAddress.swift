#if Server
  import Foundation

  /// Addresses by what may be reached through them.
  enum NetworkAddress {
    /// Looks a host up.
    ///
    /// - Returns: A numeric address to connect to.
    /// - Throws: ``CallbackError/unknownHost(_:)``; ``CallbackError/privateAddress(_:)`` when any of its addresses is
    ///   not a public one: which of them a later look-up would give is the stranger's choice.
    static func allowed(_ host: String, privateToo: Bool) throws -> String {
      let addresses = try numeric(host)
      guard let first = addresses.first else { throw CallbackError.unknownHost(host) }
      if !privateToo, let inside = addresses.first(where: { !isPublic($0) }) {
        throw CallbackError.privateAddress(inside)
      }
      return first
    }

    private static func numeric(_ host: String) throws -> [String] {
      var hints = addrinfo()
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
      var list: UnsafeMutablePointer<addrinfo>?
      guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw CallbackError.unknownHost(host) }
      defer { freeaddrinfo(list) }
      var addresses: [String] = []
      var next = list
      while let entry = next {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        if getnameinfo(
          entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
          NI_NUMERICHOST) == 0
        {
          addresses.append(
            String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        next = entry.pointee.ai_next
      }
      return addresses
    }

    /// Whether an address, in numbers, is one of the internet's: not of this machine, a private network, a link, a
    /// group, or a block that is kept for other purposes (RFC 6890).
    static func isPublic(_ text: String) -> Bool {
      var v4 = in_addr()
      if inet_pton(AF_INET, text, &v4) == 1 { return isPublic(v4: UInt32(bigEndian: v4.s_addr)) }
      var v6 = in6_addr()
      guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
      let bytes = withUnsafeBytes(of: &v6) { Array($0) }
      // IPv4 in IPv6 clothes: mapped, and translated (RFC 6052).
      let last = bytes[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
        return isPublic(v4: last)
      }
      if Array(bytes[..<12]) == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] { return isPublic(v4: last) }
      // Global unicast is 2000::/3; of it, 2001:db8::/32 and 2002::/16 (6to4) lead elsewhere.
      guard bytes[0] >> 5 == 1 else { return false }
      if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] == 0x0D, bytes[3] == 0xB8 { return false }
      return !(bytes[0] == 0x20 && bytes[1] == 0x02)
    }

    private static func isPublic(v4 address: UInt32) -> Bool {
      let blocks: [(UInt32, UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
        (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
        (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 3),
      ]
      return !blocks.contains { block, length in address >> (32 - length) == block >> (32 - length) }
    }
  }
#endif
