#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Where results go: what `-o` says, made out and checked before any work is done.
  struct Destination {
    /// The value of `-o`.
    let pattern: String
    let isFolder: Bool
    private let argument: String

    static let placeholder = "{name}"

    var isStandardOutput: Bool { pattern == "-" }

    /// - Throws: ``Failure`` (a wrong request) when several results would go to one file, or a file and a
    ///   report to standard output.
    ///
    /// - Parameter argument: The option that names it, for messages.
    init(
      _ pattern: String, inputs: [String], json: Bool, argument: String = "output"
    ) throws(Failure) {
      self.pattern = pattern
      self.argument = argument
      isFolder = pattern.hasSuffix("/") || Destination.kind(of: pattern) == S_IFDIR
      if pattern.isEmpty {
        throw .usage("the name is empty", argument: argument)
      }
      if pattern == "-", json {
        throw .usage("standard output cannot take both the file and the JSON object", argument: argument)
      }
      try checkDistinct(inputs)
      try checkFolder()
    }

    /// Refuses a name whose ending says a kind of file that none of the operations makes.
    ///
    /// - Throws: ``Failure`` with code 900.
    func check(_ operations: [any MeshOperation.Type]) throws(Failure) {
      let pictures = operations.filter { $0.name == .thumbnail }.count
      let meshes = pictures > 0 && pictures == operations.count ? [] : MeshFormat.allCases.map(\.rawValue)
      try check(endings: meshes + (pictures > 0 ? ["png"] : []))
    }

    /// Refuses a name with another ending than these.
    ///
    /// - Throws: ``Failure`` with code 900.
    func check(endings: [String]) throws(Failure) {
      guard !isFolder, !isStandardOutput, let ending = Destination.ending(pattern) else { return }
      guard !endings.contains(ending) else { return }
      throw Failure(
        ToolkitFailure(
          .unsupportedExportFormat(ending),
          detail: "\(pattern) should end in " + endings.map { "." + $0 }.joined(separator: ", ")))
    }

    /// The path for one input's result.
    ///
    /// - Parameter ending: The ending for a name that is made here, without the dot.
    func path(for input: String, ending: String) -> String {
      let stem = Destination.stem(input)
      if isFolder {
        return pattern + (pattern.hasSuffix("/") ? "" : "/") + stem + "." + ending
      }
      return pattern.split(separator: Destination.placeholder, omittingEmptySubsequences: false)
        .joined(separator: stem)
    }

    private func checkDistinct(_ inputs: [String]) throws(Failure) {
      guard inputs.count > 1 else { return }
      guard isFolder || pattern.contains(Destination.placeholder) else {
        throw .usage(
          "\(inputs.count) inputs cannot all be written to \(pattern); give a folder (end it with /) or a name "
            + "with \(Destination.placeholder) in it", argument: argument)
      }
      var owners: [String: String] = [:]
      for input in inputs {
        if let other = owners.updateValue(input, forKey: Destination.stem(input)) {
          throw .usage("\(other) and \(input) would be written to the same file", argument: argument)
        }
      }
    }

    /// Makes the folder that is named as one; another must be there, or the work would be for nothing.
    private func checkFolder() throws(Failure) {
      guard !isStandardOutput else { return }
      if isFolder {
        if Destination.kind(of: pattern) == nil, mkdir(pattern, 0o777) != 0 { throw refusal(errno) }
      } else if let slash = pattern.lastIndex(of: "/"), slash > pattern.startIndex {
        let folder = String(pattern[..<slash])
        guard !folder.contains(Destination.placeholder) else { return }
        if Destination.kind(of: folder) == nil { throw refusal(ENOENT) }
        if Destination.kind(of: folder) != S_IFDIR { throw refusal(ENOTDIR) }
      }
    }

    private func refusal(_ errno: Int32) -> Failure {
      let error = MeshError.file(path: pattern, action: .write, errno: errno)
      return .usage(error.description, argument: argument)
    }

    private static func kind(of path: String) -> mode_t? {
      var status = stat()
      return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// `parts/bracket.v2.stl` → `bracket.v2`; standard input is `model`.
    static func stem(_ input: String) -> String {
      guard input != "-", let name = input.split(separator: "/").last else { return "model" }
      guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
      return String(name[..<dot])
    }

    /// `parts/bracket.v2.STL` → `stl`; nil when there is none.
    static func ending(_ path: String) -> String? {
      guard let name = path.split(separator: "/").last, !path.hasSuffix("/"),
        let dot = name.lastIndex(of: "."), dot > name.startIndex
      else { return nil }
      let ending = name[dot...].dropFirst().lowercased()
      return ending.isEmpty ? nil : ending
    }
  }
#endif
