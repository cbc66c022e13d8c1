import Facet
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct OutputFileTests {
  private let mesh = try! Mesh.read(ByteSource(BinarySTLBuilder.tetrahedron.bytes)).mesh

  @Test func nothingIsLeftButTheFile() throws {
    let folder = try TemporaryFolder()
    try mesh.write(to: folder.path + "/part.stl")
    #expect(folder.names == ["part.stl"])
  }

  @Test func cancelledHalfwayTheOldFileStaysAndNoTemporaryDoes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.add("part.stl", [1, 2, 3])
    let big = try Mesh.read(ByteSource(BinarySTLBuilder.longStripBytes)).mesh
    let cancellation = Cancellation()
    let run = RunContext(threads: 2, cancellation: cancellation) { if $0 > 0.3 { cancellation.cancel() } }
    #expect(throws: MeshError.cancelled) { try big.write(to: path, ExportOptions(), run) }
    #expect(folder.names == ["part.stl"])
    #expect(try folder.bytes("part.stl") == [1, 2, 3])
  }

  @Test func aReplacedFileKeepsItsPermissions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.add("part.stl", [1])
    chmod(path, 0o640)
    try mesh.write(to: path)
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(status.st_size == 284)
  }

  @Test func aSymbolicLinkStaysOneAndItsTargetIsReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.add("target.stl", [1])
    let link = folder.path + "/link.stl"
    try #require(symlink("target.stl", link) == 0)
    try mesh.write(to: link)
    var status = stat()
    try #require(lstat(link, &status) == 0)
    #expect(status.st_mode & mode_t(S_IFMT) == mode_t(S_IFLNK))
    #expect(try folder.bytes("target.stl").count == 284)
    #expect(folder.names == ["link.stl", "target.stl"])
  }

  @Test func whatCannotBeWrittenIsATypedError() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/no/part.stl"
    #expect(throws: MeshError.file(path: missing, action: .write, errno: ENOENT)) {
      try mesh.write(to: missing)
    }
    #expect(throws: MeshError.file(path: folder.path, action: .write, errno: EISDIR)) {
      try mesh.write(to: folder.path)
    }
    #expect(folder.names == [])
  }

  @Test func aDeviceIsWrittenToAndNotReplaced() throws {
    try mesh.write(to: "/dev/null")
    var status = stat()
    try #require(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & mode_t(S_IFMT) == mode_t(S_IFCHR))
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0)) func aFullDiskIsATypedError() {
    #expect(throws: MeshError.file(path: "/dev/full", action: .write, errno: ENOSPC)) {
      try mesh.write(to: "/dev/full")
    }
  }

  @Test func theNamesEndingGivesTheFormatAndStlIsTheRest() throws {
    let folder = try TemporaryFolder()
    try mesh.write(to: folder.path + "/part")
    try mesh.write(to: folder.path + "/part.STL")
    #expect(try folder.bytes("part") == folder.bytes("part.STL"))
  }
}
