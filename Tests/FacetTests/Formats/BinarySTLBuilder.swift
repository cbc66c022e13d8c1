import Facet

/// The bytes of a binary STL, right or wrong on purpose.
struct BinarySTLBuilder {
  var header = Array("made for a test".utf8)
  /// What stands in the count; nil for the truth.
  var count: UInt32?
  var facets: [[Float]] = []
  var attributes: [UInt16] = []

  var bytes: [UInt8] {
    var bytes = Array((header + [UInt8](repeating: 0, count: 80)).prefix(80))
    append(count ?? UInt32(facets.count), to: &bytes)
    for (i, corners) in facets.enumerated() {
      // Normals are nonsense on purpose: nobody may rely on them.
      for value in [Float.nan, 7, -0.0] + corners { append(value.bitPattern, to: &bytes) }
      let attribute = i < attributes.count ? attributes[i] : 0
      bytes += [UInt8(attribute & 255), UInt8(attribute >> 8)]
    }
    return bytes
  }

  private func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
  }

  /// Several chunks of facets, made once.
  static let longStripBytes = strip(20_000).bytes

  /// A tetrahedron.
  static let tetrahedron = BinarySTLBuilder(facets: [
    [0, 0, 0, 0, 1, 0, 1, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 1, 0, 1, 0],
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
  ])

  /// A strip of triangles, each sharing an edge with the one before, over several chunks when long.
  static func strip(_ count: Int) -> BinarySTLBuilder {
    func point(_ i: Int) -> [Float] { [Float(i / 2), Float(i % 2), Float(i % 7)] }
    return BinarySTLBuilder(
      facets: (0..<count).map { i in
        i % 2 == 0 ? point(i) + point(i + 1) + point(i + 2) : point(i + 1) + point(i) + point(i + 2)
      })
  }
}
