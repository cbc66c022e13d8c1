extension Mesh {
  /// Writes a Wavefront OBJ: vertices in the fewest digits that read back as they are, and triangles. Facet colours
  /// have no place in it without a second file.
  func encodeOBJ(into sink: ByteSink, _ run: RunContext) throws(MeshError) {
    try sink.write(Array("# Facet\n".utf8))
    try sink.writeText(
      of: positions.count, longest: 2 + 3 * (1 + ShortestDecimal.longest), run.slice(0...0.4)
    ) {
      text, i in
      text.append("v")
      text.append(positions[i])
      text.append("\n")
    }
    try sink.writeText(of: triangles.count, longest: 5 + 3 * TextBuffer.longestInteger, run.slice(0.4...1)) {
      text, i in
      text.append("f ")
      text.append(triangles[i].a + 1)
      text.append(" ")
      text.append(triangles[i].b + 1)
      text.append(" ")
      text.append(triangles[i].c + 1)
      text.append("\n")
    }
  }
}
