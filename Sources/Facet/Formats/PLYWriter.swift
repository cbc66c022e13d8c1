extension Mesh {
  /// Writes a binary little-endian PLY: float x, y, z; faces as lists of three; and the faces' colours when the mesh
  /// has some. A facet without a colour of its own is written white.
  ///
  /// - Parameter values: Written as each vertex's colour, and as its `quality`, by which name viewers know numbers.
  func encodePLY(_ values: VertexValues?, into sink: ByteSink, _ run: RunContext) throws(MeshError) {
    let hasColors = colors != nil
    if let count = values?.numbers.count, count != positions.count {
      throw .invalidOption(
        name: "vertexValues", value: "\(count) values", allowed: "one a vertex: \(positions.count)")
    }
    try sink.write(
      Array(
        """
        ply
        format binary_little_endian 1.0
        comment Facet, millimetres
        element vertex \(positions.count)
        property float x
        property float y
        property float z
        \(values == nil ? "" : "property uchar red\nproperty uchar green\nproperty uchar blue\nproperty float quality\n")\
        element face \(triangles.count)
        property list uchar \(positions.count <= Int32.max ? "int" : "uint") vertex_indices
        \(hasColors ? "property uchar red\nproperty uchar green\nproperty uchar blue\n" : "")end_header

        """.utf8))
    let vertexLength = values == nil ? 12 : 19
    let faceLength = hasColors ? 16 : 13
    if sink.isMemory {
      let size = sink.count + positions.count * vertexLength + triangles.count * faceLength
      try run.reserve(bytes: size, for: "writing \(triangles.count) faces")
    }
    try sink.writeRecords(of: positions.count, length: vertexLength, run.slice(0...0.4)) { target, i in
      target.storeBytes(of: positions[i].x.bitPattern.littleEndian, as: UInt32.self)
      target.storeBytes(of: positions[i].y.bitPattern.littleEndian, toByteOffset: 4, as: UInt32.self)
      target.storeBytes(of: positions[i].z.bitPattern.littleEndian, toByteOffset: 8, as: UInt32.self)
      guard let values else { return }
      let color = values.color(values.numbers[i])
      target.storeBytes(of: color.red, toByteOffset: 12, as: UInt8.self)
      target.storeBytes(of: color.green, toByteOffset: 13, as: UInt8.self)
      target.storeBytes(of: color.blue, toByteOffset: 14, as: UInt8.self)
      target.storeBytes(of: values.numbers[i].bitPattern.littleEndian, toByteOffset: 15, as: UInt32.self)
    }
    try sink.writeRecords(of: triangles.count, length: faceLength, run.slice(0.4...1)) { target, i in
      target.storeBytes(of: 3, as: UInt8.self)
      target.storeBytes(of: triangles[i].a.littleEndian, toByteOffset: 1, as: UInt32.self)
      target.storeBytes(of: triangles[i].b.littleEndian, toByteOffset: 5, as: UInt32.self)
      target.storeBytes(of: triangles[i].c.littleEndian, toByteOffset: 9, as: UInt32.self)
      guard let colors else { return }
      let color = colors[i] ?? Color(red: 255, green: 255, blue: 255)
      target.storeBytes(of: color.red, toByteOffset: 13, as: UInt8.self)
      target.storeBytes(of: color.green, toByteOffset: 14, as: UInt8.self)
      target.storeBytes(of: color.blue, toByteOffset: 15, as: UInt8.self)
    }
  }
}

/// Numbers measured at a mesh's vertices, and what colours show them.
public struct VertexValues: Sendable {
  /// One a vertex.
  public var numbers: [Float]
  public var color: @Sendable (Float) -> Color

  public init(_ numbers: [Float], color: @escaping @Sendable (Float) -> Color) {
    self.numbers = numbers
    self.color = color
  }
}

extension ByteSink {
  /// Writes `count` records of `length` bytes, made in parallel and written in order.
  fileprivate func writeRecords(
    of count: Int, length: Int, _ run: RunContext, _ store: (UnsafeMutableRawPointer, Int) -> Void
  ) throws(MeshError) {
    let chunk = 1 << 14
    try run.forEachChunkInOrder(of: count, size: chunk) {
      [UInt8](repeating: 0, count: min(count, chunk) * length)
    } work: { (buffer: inout [UInt8], _, range) throws(MeshError) in
      buffer.withUnsafeMutableBytes { bytes in
        for i in range { store(bytes.baseAddress! + (i - range.lowerBound) * length, i) }
      }
    } inOrder: { (buffer, _, range) throws(MeshError) in
      try self.write(
        range.count * length == buffer.count ? buffer : Array(buffer.prefix(range.count * length)))
      run.report(Double(range.upperBound) / Double(count))
    }
  }
}
