/// A mesh's arrays as plain pointers, for the inner loops and for several threads at once. Valid inside
/// ``Mesh/withView(_:)`` only; reads only.
struct MeshView: @unchecked Sendable {
  /// Three vertex indices a triangle: corner `h` is where half-edge `h` starts.
  let corners: UnsafePointer<UInt32>
  let positions: UnsafePointer<SIMD3<Float>>
  let triangleCount: Int
  let vertexCount: Int
}

extension Mesh {
  @inline(__always)
  func withView<Result>(
    _ body: (MeshView) throws(MeshError) -> Result
  ) throws(MeshError) -> Result {
    try triangles.withUnsafeBufferPointer { (triangles) throws(MeshError) in
      try positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
        // Nothing is read through these where there are no elements.
        let corners =
          triangles.baseAddress.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(bitPattern: 16)!
        return try body(
          MeshView(
            // A triangle is three of these in a row.
            corners: corners.assumingMemoryBound(to: UInt32.self),
            positions: positions.baseAddress ?? UnsafePointer(bitPattern: 16)!,
            triangleCount: triangles.count, vertexCount: positions.count))
      }
    }
  }
}
