#if Server
  import ArgumentParser
  import FacetService

  struct DataFolderOption: ParsableArguments {
    @Option(
      name: .customLong("data"),
      help: ArgumentHelp(
        "The folder that everything is kept in; made when it is not there. (default: facet-data)",
        valueName: "folder"))
    var path: String?

    func open() throws -> DataFolder { try DataFolder(chosen) }

    /// The folder of a server, which must be there.
    func openExisting() throws -> DataFolder {
      guard let folder = try DataFolder.existing(chosen) else {
        throw Failure.usage(
          "\(chosen) is no data folder of facet serve; name it with --data", argument: "data")
      }
      return folder
    }

    private var chosen: String { Environment.text("data", path) ?? "facet-data" }
  }
#endif
