import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of one run: what it reads in `in`, what it writes in `out`, both for nobody else.
struct SandboxRoom: Sendable {
  let path: String

  /// - Throws: ``SandboxError/file(problem:)``.
  init(_ path: String) throws {
    self.path = path
    for folder in [path, "\(path)/in", "\(path)/out"] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
      } catch {
        throw SandboxError.file(problem: "\(folder) cannot be made: \(error.localizedDescription)")
      }
    }
    for (name, bytes) in SandboxRoom.programs { try put(name, bytes) }
  }

  var input: String { "\(path)/in" }
  var output: String { "\(path)/out" }

  func put(_ name: String, _ bytes: [UInt8]) throws {
    do {
      try Data(bytes).write(to: URL(filePath: "\(input)/\(name)"))
    } catch {
      throw SandboxError.file(problem: "\(input)/\(name) cannot be written: \(error.localizedDescription)")
    }
  }

  func pathOfOutput(_ name: String) -> String { "\(output)/\(name)" }

  /// The size in bytes of a file that was written; nil for what is not a regular file with this one name.
  func sizeOfOutput(_ name: String) -> Int? {
    var status = stat()
    guard lstat(pathOfOutput(name), &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1
    else { return nil }
    return Int(status.st_size)
  }

  private static let programs: [(name: String, bytes: [UInt8])] = [
    ("absent.py", PackageResources.absent_py),
    ("confinement.py", PackageResources.confinement_py),
    ("exporting.py", PackageResources.exporting_py),
    ("fence.py", PackageResources.fence_py),
    ("images.py", PackageResources.images_py),
    ("program.py", PackageResources.program_py),
    ("runner.py", PackageResources.runner_py),
  ]
}
