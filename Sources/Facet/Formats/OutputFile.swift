#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears under its name only when it is complete.
///
/// Until ``commit()`` it has a temporary name in the same folder, so that renaming it is one step. When the last
/// reference goes without a commit, the temporary file goes too and what was there before stays.
package final class OutputFile {
  package let sink: ByteSink
  private let descriptor: Int32
  private let path: String
  /// Nil when the target is a device or FIFO and is written to directly, and after the commit.
  private var temporary: String?

  /// - Throws: ``MeshError/file(path:action:errno:)``.
  package init(_ path: String) throws(MeshError) {
    var status = stat()
    var permissions: mode_t?
    var target = path
    if stat(path, &status) == 0 {
      switch FileKind(mode: status.st_mode) {
      case .regular:
        permissions = status.st_mode & 0o777
        target = resolvingLinks(path) ?? path
      case .directory:
        throw .file(path: path, action: .write, errno: EISDIR)
      case .fifo, .socket, .device:
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
          throw .file(path: path, action: .write, errno: errno)
        }
        self.path = path
        self.descriptor = descriptor
        sink = ByteSink(descriptor: descriptor, path: path)
        return
      }
    }
    // Names no longer than this one fit wherever the target's own name does not grow: its length plays no part.
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    var made: (descriptor: Int32, name: String)?
    while made == nil {
      let name = folder + ".facet-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        made = (descriptor, name)
      } else if errno != EEXIST && errno != EINTR {
        throw .file(path: path, action: .write, errno: errno)
      }
    }
    self.path = target
    descriptor = made!.descriptor
    temporary = made!.name
    sink = ByteSink(descriptor: descriptor, path: path)
    if let permissions { fchmod(descriptor, permissions) }
  }

  deinit {
    close(descriptor)
    if let temporary { unlink(temporary) }
  }

  /// Gives the file its name.
  ///
  /// Does not wait for the disk (`fsync`): that can take longer than making the file, and what it guards against, a
  /// power failure in the next seconds, costs the user a run and nothing else. Nobody sees half a file either way.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)``.
  package func commit() throws(MeshError) {
    guard let temporary else { return }
    guard rename(temporary, path) == 0 else {
      throw .file(path: path, action: .rename, errno: errno)
    }
    self.temporary = nil
  }

  /// Writes a whole file, or to standard output when the path is `-`.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)``, and what `body` and the run throw.
  package static func writing(
    to path: String, _ run: RunContext, _ body: (ByteSink) throws(MeshError) -> Void
  ) throws(MeshError) {
    if path == "-" { return try body(.standardOutput()) }
    let file = try OutputFile(path)
    try body(file.sink)
    try run.checkCancellation()
    try file.commit()
  }
}

/// The path with symbolic links followed, so that the file they lead to is replaced and not the link.
private func resolvingLinks(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
