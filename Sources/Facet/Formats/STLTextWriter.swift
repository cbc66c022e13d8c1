extension Mesh {
  /// Writes a text STL: coordinates in the fewest digits that read back as they are. Facet colours have no place in
  /// it. Normals are computed from the corners; a triangle without area gets the zero normal.
  func encodeTextSTL(
    _ options: ExportOptions, into sink: ByteSink, _ run: RunContext
  ) throws(MeshError) {
    // A line end in the name would be the end of the name.
    let name = options.name.isEmpty ? "Facet" : String(options.name.map { $0.isNewline ? " " : $0 })
    try sink.write(Array("solid \(name)\n".utf8))
    try sink.writeText(of: triangles.count, longest: 128 + 12 * (1 + ShortestDecimal.longest), run) {
      text, i in
      let (a, b, c) = corners(i)
      text.append("  facet normal")
      text.append(facetNormal(a, b, c))
      text.append("\n    outer loop\n      vertex")
      text.append(a)
      text.append("\n      vertex")
      text.append(b)
      text.append("\n      vertex")
      text.append(c)
      text.append("\n    endloop\n  endfacet\n")
    }
    try sink.write(Array("endsolid \(name)\n".utf8))
  }
}
