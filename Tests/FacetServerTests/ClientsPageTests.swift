#if Server
  import FacetTestSupport
  import Testing

  /// The page shows the programs that are run.
  @Suite struct ClientsPageTests {
    @Test(arguments: [
      ("sh", "curl.sh"), ("swift", "client.swift"), ("python", "client.py"), ("js", "client.mjs"),
    ])
    func theExamplesAreThePrograms(language: String, file: String) throws {
      let example = "```\(language)\n" + (try Repository.text("Tests/Clients/\(file)")) + "```\n"
      let shown = try Repository.updatedSection(
        file, of: "Sources/FacetServer/FacetServer.docc/Clients.md", to: example)
      #expect(shown == example)
    }
  }
#endif
