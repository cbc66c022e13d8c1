/// An absolute web address, taken apart as far as a contract needs it.
struct WebAddress: Sendable, Hashable {
  var isSecure: Bool
  /// In lower case, without port; an IPv6 address without its brackets.
  var host: String

  /// - Returns: nil for anything but `http` or `https` with a host, and for text with spaces or control
  ///   characters, which could break out of a request line.
  init?(_ text: String) {
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return nil }
    let lowered = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else { return nil }
    isSecure = scheme == "https://"
    let authority = lowered.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
    // What stands before the last @ is a user name, however much it looks like a host.
    let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let port: Substring
    if hostAndPort.first == "[" {
      guard let close = hostAndPort.firstIndex(of: "]") else { return nil }
      host = String(hostAndPort[..<close].dropFirst())
      port = hostAndPort[close...].dropFirst()
    } else {
      host = String(hostAndPort.prefix { $0 != ":" })
      port = hostAndPort.dropFirst(host.count)
    }
    guard !host.isEmpty else { return nil }
    guard port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
  }

  /// Whether the host is this machine by its name or number.
  var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }
}
