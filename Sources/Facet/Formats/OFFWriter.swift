extension Mesh {
  /// Writes an OFF in text: vertices in the fewest digits that read back as they are, and triangles, each with its
  /// colour (0…255) when it has one.
  func encodeOFF(into sink: ByteSink, _ run: RunContext) throws(MeshError) {
    try sink.write(Array("OFF\n\(positions.count) \(triangles.count) 0\n".utf8))
    try sink.writeText(
      of: positions.count, longest: 1 + 3 * (1 + ShortestDecimal.longest), run.slice(0...0.4)
    ) {
      text, i in
      text.append(positions[i].x)
      text.append(" ")
      text.append(positions[i].y)
      text.append(" ")
      text.append(positions[i].z)
      text.append("\n")
    }
    try sink.writeText(of: triangles.count, longest: 32 + 3 * TextBuffer.longestInteger, run.slice(0.4...1)) {
      text, i in
      text.append("3 ")
      text.append(triangles[i].a)
      text.append(" ")
      text.append(triangles[i].b)
      text.append(" ")
      text.append(triangles[i].c)
      if let color = colors?[i] {
        for channel in [color.red, color.green, color.blue] {
          text.append(" ")
          text.append(UInt32(channel))
        }
      }
      text.append("\n")
    }
  }
}
