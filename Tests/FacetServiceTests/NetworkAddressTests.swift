#if Server
  @testable import FacetService
  import Testing

  @Suite struct NetworkAddressTests {
    @Test(arguments: [
      "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.3", "169.254.169.254",
      "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
      "203.0.113.9", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
      "2001:db8::1", "2002:7f00:1::", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "localhost", "",
    ])
    func whatIsInsideIsNotPublic(address: String) { #expect(!NetworkAddress.isPublic(address)) }

    @Test(arguments: [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.0.1", "100.128.0.1", "126.0.0.1", "128.0.0.1",
      "169.253.0.1",
      "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
      "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
    ])
    func whatIsOutsideIsPublic(address: String) { #expect(NetworkAddress.isPublic(address)) }

    @Test func namesOfThisMachineAreRefused() throws {
      #expect(throws: CallbackError.self) { try NetworkAddress.allowed("localhost", privateToo: false) }
      #expect(throws: CallbackError.self) {
        try NetworkAddress.allowed("no.such.host.invalid", privateToo: true)
      }
      #expect(["127.0.0.1", "::1"].contains(try NetworkAddress.allowed("localhost", privateToo: true)))
    }
  }
#endif
