#if Server
  import Foundation

  /// What a job works on and where it leaves what it makes.
  public struct Workspace: Sendable {
    let folder: DataFolder
    let store: Store
    let account: String
    /// nil for a job without input, or when the input is gone.
    public let input: StoredFile?

    /// Where the input's bytes lie.
    public var inputPath: String? { input.map { folder.path(ofBlob: $0.blob) } }

    /// Where the bytes of another file of the same account lie; nil when there is none, or it is gone.
    public func path(ofFile id: String) throws -> String? {
      try store.readNow { db in try Files.found(id, account, db) }.map { folder.path(ofBlob: $0.blob) }
    }

    /// A folder for what is made on the way, which goes when the body ends.
    public func withScratchFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
      let path = folder.newIncomingPath()
      guard mkdir(path, 0o700) == 0 else { throw BlobWriter.failure(errno, path) }
      defer { try? FileManager.default.removeItem(atPath: path) }
      return try body(path)
    }

    /// Keeps a file that the job makes. It has an owner when the job has succeeded.
    ///
    /// - Parameter write: Writes the file to the path it is given.
    public func keep(_ name: String, mediaType: String, _ write: (String) throws -> Void) throws -> NewFile {
      let path = folder.newIncomingPath()
      defer { unlink(path) }
      try write(path)
      return NewFile(name: name, mediaType: mediaType, try folder.adopt(path), sharesInput: false)
    }

    /// Hands the input on under another name, without copying it.
    public func keepInput(_ name: String, mediaType: String) -> NewFile? {
      input.map { NewFile(name: name, mediaType: mediaType, $0.content, sharesInput: true) }
    }

    /// Removes what was kept for nothing.
    func discard(_ files: [NewFile]) {
      for file in files where !file.sharesInput { folder.removeBlob(file.blob.name) }
    }
  }

  /// A file that a job made.
  public struct NewFile: Sendable {
    public let id = newIdentifier()
    let name: String
    let mediaType: String
    let blob: Blob
    let sharesInput: Bool

    fileprivate init(name: String, mediaType: String, _ blob: Blob, sharesInput: Bool) {
      self.name = name
      self.mediaType = mediaType
      self.blob = blob
      self.sharesInput = sharesInput
    }
  }
#endif
