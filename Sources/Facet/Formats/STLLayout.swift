/// How a binary STL is laid out: 80 bytes of anything, the facet count, and 50 bytes a facet; little-endian.
enum STLLayout {
  static let headerLength = 80
  /// Where the facets begin, after the count.
  static let facetsOffset = 84
  /// Normal (3 floats), three corners (9 floats), attribute (16 bits).
  static let facetLength = 50
  static let cornersOffset = 12
  static let attributeOffset = 48

  static func length(facets: Int) -> Int { facetsOffset + facets * facetLength }

  static func offset(ofFacet facet: Int) -> Int { length(facets: facet) }

  /// The count in the first bytes of a file, or nil when they are too few.
  static func declaredFacets(_ head: [UInt8]) -> Int? {
    guard head.count >= facetsOffset else { return nil }
    return (0..<4).reduce(0) { $0 | Int(head[headerLength + $1]) << (8 * $1) }
  }
}
