import Facet

@main struct LibraryOnly {
  static func main() throws {
    let corners: [Point] = [.zero, [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    let mesh = try Mesh(
      positions: corners,
      triangles: [Triangle(0, 2, 1), Triangle(0, 1, 3), Triangle(1, 2, 3), Triangle(2, 0, 3)])
    print(mesh.triangles.count, "triangles in", mesh.bounds.size.x, "mm")
  }
}
