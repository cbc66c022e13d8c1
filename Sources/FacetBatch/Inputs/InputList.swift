#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// The files of a batch, found and named: the same list, in the same order, wherever and in whatever order they are
  /// given.
  ///
  /// A file that is found in a folder keeps its place below that folder; any other keeps its file's name, or gets the
  /// one that a manifest gives it. Names that would collide get eight digits of the hash of the file's path.
  public struct InputList: Sendable {
    private var found: [Found] = []

    private struct Found {
      let path: String
      /// The path below the folder it was found in, with its ending.
      var place: String
      /// Whether somebody chose the name.
      var isNamed = false
    }

    public init() {}

    /// Adds a file; or the models below a folder, whose names do not begin with a dot.
    public mutating func add(_ path: String) throws(ToolkitFailure) {
      guard InputList.isFolder(path) else {
        found.append(Found(path: path, place: InputList.fileName(path)))
        return
      }
      let places: [String]
      do {
        places = try FileManager.default.subpathsOfDirectory(atPath: path)
      } catch {
        throw ToolkitFailure(
          .invalidParameter("inputs"),
          detail: "\(path) cannot be looked through: \(error.localizedDescription)")
      }
      let folder = path.hasSuffix("/") ? path : path + "/"
      for place in places where InputList.isModel(place) && !InputList.isFolder(folder + place) {
        found.append(Found(path: folder + place, place: place))
      }
    }

    /// Adds what a manifest lists: a line a file, its path or `{"input": "path", "name": "what to call it"}`. Empty
    /// lines and those that begin with `#` are left out.
    ///
    /// - Parameter manifest: Its name, for messages.
    /// - Throws: Code 13 with the line at fault.
    public mutating func add(lines text: String, of manifest: String) throws(ToolkitFailure) {
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .enumerated()
      {
        let line = line.trimmingCharacters(in: .whitespaces)
        guard !line.isEmpty, !line.hasPrefix("#") else { continue }
        guard line.hasPrefix("{") else {
          found.append(Found(path: line, place: InputList.fileName(line)))
          continue
        }
        guard let json = try? JSONValue(parsing: line.utf8), let path = json["input"]?.asString, !path.isEmpty
        else {
          throw ToolkitFailure(
            .invalidParameter("manifest"),
            detail: "\(manifest), line \(index + 1): give {\"input\": \"path\", \"name\": \"optional\"}")
        }
        var entry = Found(path: path, place: InputList.fileName(path))
        if let name = json["name"]?.asString {
          guard InputList.isUsable(name) else {
            throw ToolkitFailure(
              .invalidParameter("manifest"),
              detail: "\(manifest), line \(index + 1): \(name) is no name for files below a folder")
          }
          (entry.place, entry.isNamed) = (name, true)
        }
        found.append(entry)
      }
    }

    /// The files, sorted by name. One that was given twice is there once.
    ///
    /// - Throws: Code 13 when there is none, or when a manifest gives two files one name.
    public func inputs() throws(ToolkitFailure) -> [BatchInput] {
      // By their bytes: ö as one character and as two are the same text, and two files.
      var paths: Set<[UInt8]> = []
      let files = found.filter { paths.insert(Array($0.path.utf8)).inserted }
      guard !files.isEmpty else {
        throw ToolkitFailure(
          .invalidParameter("inputs"),
          detail: "there is no model among them; models end in "
            + MeshFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", "))
      }
      let names = files.map {
        $0.isNamed ? $0.place : InputList.shortened(InputList.withoutEnding($0.place), $0.path)
      }
      var uses: [String: Int] = [:]
      for name in names { uses[name, default: 0] += 1 }
      // A folder `a/b.stl` is where the model of `a/b` would be.
      let folders = Set(names.flatMap(InputList.folders))
      for name in folders.flatMap(InputList.beginnings) { uses[name]? += 1 }
      var inputs: [BatchInput] = []
      for (file, name) in zip(files, names) {
        let collides = uses[name]! > 1 || InputList.beginnings(of: name).contains { uses[$0] != nil }
        if collides && file.isNamed {
          throw ToolkitFailure(
            .invalidParameter("manifest"),
            detail: "\(file.path) is called \(name), as another file is; names are unique")
        }
        inputs.append(BatchInput(name: collides ? InputList.marked(name, file.path) : name, path: file.path))
      }
      return inputs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Names whose files could be taken for this one's: of `part.thickness` that is `part`, whose coloured surface is
    /// `part.thickness.stl`.
    private static func beginnings(of name: String) -> [String] {
      let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
      return name[start...].indices.filter { name[$0] == "." && $0 > start }.map { String(name[..<$0]) }
    }

    /// The folders that a name is in.
    private static func folders(of name: String) -> [String] {
      name.indices.filter { name[$0] == "/" }.map { String(name[..<$0]) }
    }

    private static func marked(_ name: String, _ path: String) -> String {
      name + "-" + SHA256Digest.hex(of: Array(path.utf8)).prefix(8)
    }

    /// File systems take names of 255 bytes, endings included.
    private static func shortened(_ name: String, _ path: String) -> String {
      let last = fileName(name)
      guard last.utf8.count > 200 else { return name }
      var short = last
      while short.utf8.count > 180 { short.removeLast() }
      return marked(String(name.dropLast(last.count)) + short, path)
    }

    private static func isFolder(_ path: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func fileName(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func withoutEnding(_ place: String) -> String {
      let last = fileName(place)
      guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return place }
      return String(place.dropLast(last.distance(from: dot, to: last.endIndex)))
    }

    private static func isModel(_ place: String) -> Bool {
      guard !place.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
      return MeshFormat.allCases.contains { place.lowercased().hasSuffix("." + $0.rawValue) }
    }

    private static func isUsable(_ name: String) -> Bool {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      return parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 200
          && !part.unicodeScalars.contains { $0.value < 32 }
      }
    }
  }
#endif
