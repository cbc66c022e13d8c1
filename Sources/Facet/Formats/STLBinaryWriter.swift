extension Mesh {
  /// Writes a binary STL. Normals are computed from the corners as they are written; a triangle without area gets
  /// the zero normal, which readers take as "compute it yourself".
  func encodeBinarySTL(
    _ options: ExportOptions, into sink: ByteSink, _ run: RunContext
  ) throws(MeshError) {
    let size = STLLayout.length(facets: triangles.count)
    let chunk = 16384
    let buffers = min(run.threads, (triangles.count + chunk - 1) / chunk) * chunk * STLLayout.facetLength
    try run.reserve(bytes: (sink.isMemory ? size : 0) + buffers, for: "writing \(triangles.count) facets")
    sink.reserve(size)
    let count = UInt32(triangles.count)
    try sink.write(
      STLHeader.bytes(options, colors) + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
    try run.forEachChunkInOrder(of: triangles.count, size: chunk) {
      FacetBuffer(facets: min(chunk, triangles.count))
    } work: { (buffer: inout FacetBuffer, _, range) throws(MeshError) in
      try run.checkCancellation()
      encodeFacets(of: self, range, into: buffer.base)
    } inOrder: { (buffer, _, range) throws(MeshError) in
      try sink.write(
        UnsafeRawBufferPointer(start: buffer.base, count: range.count * STLLayout.facetLength))
      run.report(Double(range.upperBound) / Double(triangles.count))
    }
  }
}

/// Room for encoded facets.
private final class FacetBuffer {
  let base: UnsafeMutableRawPointer

  init(facets: Int) {
    // A corner is stored with 16 bytes and the next one overwrites the last 4; the very last needs the room.
    base = .allocate(byteCount: facets * STLLayout.facetLength + 16, alignment: 64)
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
    record.storeBytes(of: SIMD4(facetNormal(a, b, c), 0), as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD4(a, 0), toByteOffset: 12, as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD4(b, 0), toByteOffset: 24, as: SIMD4<Float>.self)
    record.storeBytes(of: SIMD4(c, 0), toByteOffset: 36, as: SIMD4<Float>.self)
    if let attributes {
      record.storeBytes(
        of: attributes[facet].littleEndian, toByteOffset: STLLayout.attributeOffset, as: UInt16.self)
    }
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

/// The 80 bytes at the beginning of a binary STL.
enum STLHeader {
  static func bytes(_ options: ExportOptions, _ colors: FacetColors?) -> [UInt8] {
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
