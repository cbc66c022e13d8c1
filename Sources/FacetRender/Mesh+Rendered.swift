import Facet

extension Mesh {
  /// Draws the mesh, without a GPU or a display.
  ///
  /// The same bytes on any number of threads. Memory for a picture is 4 bytes a pixel and what a band of it
  /// takes, whatever its size and number of samples.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)``; ``MeshError/emptyMesh(operation:)`` without a
  ///   triangle or when all vertices are at one place; ``MeshError/cancelled``;
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func rendered(
    _ options: ThumbnailOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> Image {
    try options.validate()
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "a thumbnail") }
    try run.reserve(bytes: renderingBytes(options), for: "a thumbnail")
    return try Renderer(self, options, run).image(run)
  }

  /// An estimate of what ``rendered(_:_:)`` allocates: the picture, the vertices in it, what tiles and vertices
  /// refer to, and the samples of small pictures.
  private func renderingBytes(_ options: ThumbnailOptions) -> Int {
    let pixels = options.width * options.height
    return 4 * pixels + 16 * positions.count + CornerNormals.bytes(for: self) + 24 * triangles.count
      + min(5 * pixels * options.samples, Renderer.keptBytes) + (16 << 20)
  }
}
