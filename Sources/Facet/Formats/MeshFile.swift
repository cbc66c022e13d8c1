extension Mesh {
  /// Reads a mesh from a file, or from standard input when the path is `-`.
  ///
  /// The format is told from the bytes; the ending of the file's name decides only where they leave it open.
  /// Corners at the same place become one vertex, vertices are numbered by first occurrence, and the mesh is the
  /// same for any number of threads.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)``, ``MeshError/notARegularFile(path:kind:)``, and what
  ///   ``read(_:_:_:)-(ByteSource,_,_)`` throws.
  public static func read(
    _ path: String, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> ImportedMesh {
    let source = path == "-" ? try ByteSource.standardInput(run) : try ByteSource.file(path)
    return try read(source, options, run)
  }

  /// Reads a mesh from bytes.
  ///
  /// - Throws: ``MeshError/emptyFile`` and the other errors about bytes that are not what they claim to be, each
  ///   with the byte or line at fault; ``MeshError/noTriangles(format:)``;
  ///   ``MeshError/tooManyTriangles(count:limit:)`` before anything is read;
  ///   ``MeshError/changedWhileReading(byte:)``; and what the run throws.
  public static func read(
    _ source: ByteSource, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> ImportedMesh {
    try checkWeldTolerance(options.weldTolerance)
    switch try FileContent(of: source, format: options.format) {
    case .binarySTL: return try readBinarySTL(source, options, run)
    case .textSTL: return try readTextSTL(source, options, run)
    case .obj: return try readOBJ(source, options, run)
    case .ply: return try readPLY(source, options, run)
    case .off: return try readOFF(source, options, run)
    }
  }

  /// Writes the mesh to a file, or to standard output when the path is `-`.
  ///
  /// A file appears under its name only when it is complete: until then it has a temporary name in the same
  /// folder, which is removed on failure and cancellation. A symbolic link stays one; what it points to is
  /// replaced. A device or FIFO is written to directly.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)``, and what ``encoded(_:_:)`` throws.
  public func write(
    to path: String, _ options: ExportOptions = ExportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) {
    let format = options.format ?? MeshFormat(pathExtensionOf: path) ?? .stl
    try OutputFile.writing(to: path, run) { (sink) throws(MeshError) in
      try encode(options, as: format, into: sink, run)
    }
  }

  /// The mesh as the bytes of a file.
  ///
  /// - Throws: What the run throws.
  public func encoded(
    _ options: ExportOptions = ExportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> [UInt8] {
    if (options.format ?? .stl, options.encoding) == (.stl, .binary) { return try binarySTL(options, run) }
    let sink = ByteSink()
    try encode(options, as: options.format ?? .stl, into: sink, run)
    return sink.takeBytes()
  }

  private func encode(
    _ options: ExportOptions, as format: MeshFormat, into sink: ByteSink, _ run: RunContext
  ) throws(MeshError) {
    switch (format, options.encoding) {
    case (.stl, .binary): try encodeBinarySTL(options, into: sink, run)
    case (.stl, .text): try encodeTextSTL(options, into: sink, run)
    case (.obj, _): try encodeOBJ(into: sink, run)
    case (.ply, _): try encodePLY(options.vertexValues, into: sink, run)
    case (.off, _): try encodeOFF(into: sink, run)
    }
  }
}

/// How a mesh is to be written. Coordinates are written in millimetres.
public struct ExportOptions: Sendable {
  /// The format, or nil to take it from the file name's ending; STL when that says nothing.
  public var format: MeshFormat?
  /// Binary or text, for STL; the other formats have one encoding each.
  public var encoding: ImportReport.Encoding
  /// The name of the solid in a text STL, and the text in the header of a binary one; ASCII, empty for Facet's own.
  public var name: String
  /// The 80 bytes before the count in a binary STL, in place of a name: ``ImportReport/header`` keeps what was
  /// there. Shorter ones are filled up with zeros, and a first word `solid` is masked, because it makes many
  /// programs take the file for text.
  public var header: [UInt8]?
  /// Written with the vertices where the format can hold them: PLY.
  public var vertexValues: VertexValues?

  public init(
    format: MeshFormat? = nil, encoding: ImportReport.Encoding = .binary, name: String = "",
    header: [UInt8]? = nil, vertexValues: VertexValues? = nil
  ) {
    self.format = format
    self.encoding = encoding
    self.name = name
    self.header = header
    self.vertexValues = vertexValues
  }
}
