extension Mesh {
  /// Writes a binary STL. Normals are computed from the corners as they are written; a triangle without area gets
  /// the zero normal, which readers take as "compute it yourself".
  func encodeBinarySTL(
    _ options: ExportOptions, into sink: ByteSink, _ run: RunContext
  ) throws(MeshError) {
    let buffers = min(run.threads, (triangles.count + encodingChunk - 1) / encodingChunk)
    try run.reserve(
      bytes: buffers * encodingChunk * STLLayout.facetLength, for: "writing \(triangles.count) facets")
    try sink.write(STLHeader.bytes(options, self))
    try run.forEachChunkInOrder(of: triangles.count, size: encodingChunk) {
      FacetBuffer(facets: min(encodingChunk, triangles.count))
    } work: { (buffer: inout FacetBuffer, _, range) throws(MeshError) in
      encodeFacets(of: self, range, into: buffer.base)
    } inOrder: { (buffer, _, range) throws(MeshError) in
      try sink.write(
        UnsafeRawBufferPointer(start: buffer.base, count: range.count * STLLayout.facetLength))
      run.report(Double(range.upperBound) / Double(triangles.count))
    }
  }

  /// A binary STL in memory: its length is known, so every chunk is encoded where it belongs.
  func binarySTL(_ options: ExportOptions, _ run: RunContext) throws(MeshError) -> [UInt8] {
    let length = STLLayout.length(facets: triangles.count)
    try run.reserve(bytes: length, for: "writing \(triangles.count) facets")
    return try [UInt8](filling: length) { (bytes) throws(MeshError) in
      adviseLargePages(UnsafeMutableRawBufferPointer(start: bytes.base, count: length))
      for (i, byte) in STLHeader.bytes(options, self).enumerated() { bytes[i] = byte }
      try run.forEachChunk(of: triangles.count, size: encodingChunk) { _, range in
        encodeFacets(of: self, range, into: bytes.base + STLLayout.offset(ofFacet: range.lowerBound))
      }
      run.report(1)
    }
  }
}

/// Facets encoded at a time: 400 kB, which stay in the cache until they are written.
private let encodingChunk = 8192

/// Room for encoded facets.
private final class FacetBuffer {
  let base: UnsafeMutableRawPointer

  init(facets: Int) {
    base = .allocate(byteCount: facets * STLLayout.facetLength, alignment: 64)
  }

  deinit { base.deallocate() }
}

private func encodeFacets(of mesh: Mesh, _ range: Range<Int>, into base: UnsafeMutableRawPointer) {
  mesh.positions.withUnsafeBufferPointer { positions in
    mesh.triangles.withUnsafeBufferPointer { triangles in
      if let attributes = mesh.colors?.attributes {
        attributes.withUnsafeBufferPointer {
          encode(positions.baseAddress!, triangles.baseAddress!, $0.baseAddress, range, base)
        }
      } else {
        encode(positions.baseAddress!, triangles.baseAddress!, nil, range, base)
      }
    }
  }
}

@inline(__always)
private func encode(
  _ positions: UnsafePointer<SIMD3<Float>>, _ triangles: UnsafePointer<Triangle>,
  _ attributes: UnsafePointer<UInt16>?, _ range: Range<Int>, _ base: UnsafeMutableRawPointer
) {
  var record = base
  for facet in range {
    let t = triangles[facet]
    let a = positions[Int(t.a)]
    let b = positions[Int(t.b)]
    let c = positions[Int(t.c)]
    // Three of four vectors are stored with 16 bytes each; the next one overwrites what is too much.
    record.storeBytes(of: SIMD4(facetNormal(a, b, c), 0), as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD4(a, 0), toByteOffset: 12, as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD4(b, 0), toByteOffset: 24, as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD2(c.x, c.y), toByteOffset: 36, as: SIMD2<Float>.self)
    record.storeBytes(of: c.z, toByteOffset: 44, as: Float.self)
    let attribute = attributes.map { $0[facet] } ?? 0
    record.storeBytes(of: attribute.littleEndian, toByteOffset: STLLayout.attributeOffset, as: UInt16.self)
    record += STLLayout.facetLength
  }
}

/// The unit normal, or zero for a triangle without area. In double precision nothing here can overflow or vanish:
/// the fourth power of any Float difference is within its range.
@inline(__always)
func facetNormal(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> SIMD3<Float> {
  let ux = Double(b.x) - Double(a.x)
  let uy = Double(b.y) - Double(a.y)
  let uz = Double(b.z) - Double(a.z)
  let vx = Double(c.x) - Double(a.x)
  let vy = Double(c.y) - Double(a.y)
  let vz = Double(c.z) - Double(a.z)
  let x = uy * vz - uz * vy
  let y = uz * vx - ux * vz
  let z = ux * vy - uy * vx
  let square = x * x + y * y + z * z
  if !(square > 0) { return .zero }
  let scale = 1 / square.squareRoot()
  return SIMD3(Float(x * scale), Float(y * scale), Float(z * scale))
}

/// What stands before the facets of a binary STL: 80 bytes of text, and the count.
enum STLHeader {
  /// The 84 bytes before the facets.
  static func bytes(_ options: ExportOptions, _ mesh: Mesh) -> [UInt8] {
    let count = UInt32(mesh.triangles.count)
    return text(options, mesh.colors) + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }

  private static func text(_ options: ExportOptions, _ colors: FacetColors?) -> [UInt8] {
    let own = options.name.isEmpty ? "binary STL, written by Facet" : options.name
    var header = Array((options.header ?? Array(own.utf8)).prefix(STLLayout.headerLength))
    if beginsWithSolid(header) {
      header = Array((Array("binary ".utf8) + header).prefix(STLLayout.headerLength))
    }
    if let colors, colors.convention == .magics {
      // Without the key readers would take the words for the other convention's.
      let color = colors.partColor ?? Color(red: 255, green: 255, blue: 255)
      MagicsHeader.set(color, in: &header)
    } else {
      MagicsHeader.remove(from: &header)
    }
    return header + [UInt8](repeating: 0, count: STLLayout.headerLength - header.count)
  }

  private static func beginsWithSolid(_ header: [UInt8]) -> Bool {
    let word = header.drop { $0 <= 32 }.prefix(5).map { $0 | 0x20 }
    return word == Array("solid".utf8)
  }
}
