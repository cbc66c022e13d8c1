#if CommandLine
  import Facet
  import FacetContract

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// A new folder for files that nobody needs afterwards, in `TMPDIR` or `/tmp`.
  struct ScratchFolder {
    let path: String

    init() throws(Failure) {
      let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      var template = Array((parent + "/facet-XXXXXX").utf8CString)
      guard mkdtemp(&template) != nil else {
        throw Failure(ToolkitFailure(.file(path: parent, action: .write, errno: errno), during: .reading))
      }
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the folder and the files in it.
    func remove() {
      if let entries = opendir(path) {
        while let entry = readdir(entries) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          if name != ".", name != ".." { unlink(path + "/" + name) }
        }
        closedir(entries)
      }
      rmdir(path)
    }
  }
#endif
