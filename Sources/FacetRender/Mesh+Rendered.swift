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

  /// An estimate of what ``rendered(_:_:)`` allocates.
  private func renderingBytes(_ options: ThumbnailOptions) -> Int {
    4 * options.width * options.height + 16 * positions.count + CornerNormals.bytes(for: self)
      + 24 * triangles.count + (16 << 20)
  }
}
