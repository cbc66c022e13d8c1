import Facet

/// Normals for smooth shading, computed for the triangles that show and only when they are asked for.
///
/// A corner's normal is the sum of the normals of the triangles around its vertex that meet this triangle at
/// no more than the crease angle, each weighted by its area and its angle at the vertex: the angle makes the
/// result independent of how a flat face is split, the area keeps a large flat face flat beside a fillet.
struct CornerNormals {
  /// A corner of each vertex (3 × triangle + corner), or `none`.
  private let heads: [UInt32]
  /// The next corner at the same vertex, of each corner.
  private let next: [UInt32]
  private let cosine: Float

  private static let none = UInt32.max

  /// Bytes kept for a mesh.
  static func bytes(for mesh: Mesh) -> Int { 5 * mesh.positions.count + 12 * mesh.triangles.count }

  /// - Parameters:
  ///   - wide: The triangles that will be asked for.
  ///   - cosine: The crease angle's.
  init(_ mesh: Mesh, for wide: [[UInt32]], cosine: Float) {
    self.cosine = cosine
    let triangles = mesh.triangles
    let isAll = wide.reduce(0) { $0 + $1.count } * 4 >= triangles.count
    var isNeeded = [Bool](repeating: isAll, count: mesh.positions.count)
    if !isAll {
      for chunk in wide {
        for t in chunk {
          let triangle = triangles[Int(t)]
          isNeeded[Int(triangle.a)] = true
          isNeeded[Int(triangle.b)] = true
          isNeeded[Int(triangle.c)] = true
        }
      }
    }
    var heads = [UInt32](repeating: CornerNormals.none, count: mesh.positions.count)
    next = [UInt32](unsafeUninitializedCapacity: 3 * triangles.count) { next, count in
      heads.withUnsafeMutableBufferPointer { heads in
        isNeeded.withUnsafeBufferPointer { isNeeded in
          triangles.withUnsafeBufferPointer { triangles in
            for t in stride(from: triangles.count - 1, through: 0, by: -1) {
              let triangle = triangles[t]
              for corner in 0..<3 {
                let vertex = Int(triangle[corner])
                if !isNeeded[vertex] { continue }
                next[3 * t + corner] = heads[vertex]
                heads[vertex] = UInt32(3 * t + corner)
              }
            }
          }
        }
      }
      count = 3 * triangles.count
    }
    self.heads = heads
  }

  /// The unit normals at a triangle's corners; `face` is its own unit normal.
  func normals(
    of triangle: Triangle, face: SIMD3<Float>, _ positions: UnsafePointer<SIMD3<Float>>,
    _ triangles: UnsafePointer<Triangle>
  ) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (
      normal(at: triangle.a, face, positions, triangles),
      normal(at: triangle.b, face, positions, triangles),
      normal(at: triangle.c, face, positions, triangles)
    )
  }

  private func normal(
    at vertex: UInt32, _ face: SIMD3<Float>, _ positions: UnsafePointer<SIMD3<Float>>,
    _ triangles: UnsafePointer<Triangle>
  ) -> SIMD3<Float> {
    var sum = SIMD3<Float>.zero
    let cosine = cosine
    let signedSquare = cosine * abs(cosine)
    heads.withUnsafeBufferPointer { heads in
      next.withUnsafeBufferPointer { next in
        var corner = heads[Int(vertex)]
        while corner != CornerNormals.none {
          let triangle = triangles[Int(corner / 3)]
          let (second, third) =
            switch corner % 3 {
            case 0: (triangle.b, triangle.c)
            case 1: (triangle.c, triangle.a)
            default: (triangle.a, triangle.b)
            }
          let p = positions[Int(vertex)]
          let u = positions[Int(second)] - p
          let v = positions[Int(third)] - p
          let normal = cross(u, v)
          let along = dot(normal, face)
          let square = dot(normal, normal)
          // along / |normal| ≥ cosine, without the root.
          if along * abs(along) >= signedSquare * square && square > 0 {
            let lengths = dot(u, u) * dot(v, v)
            let angle = arccosine(dot(u, v) / lengths.squareRoot())
            sum += normal * angle
          }
          corner = next[Int(corner)]
        }
      }
    }
    let square = dot(sum, sum)
    return square > 0 ? sum / square.squareRoot() : face
  }
}

/// The angle in radians, to 1e-4 (Abramowitz and Stegun 4.4.45).
@inline(__always)
func arccosine(_ cosine: Float) -> Float {
  let x = min(abs(cosine), 1)
  let polynomial = ((-0.018_729_3 * x + 0.074_261) * x - 0.212_114_4) * x + 1.570_728_8
  let angle = (1 - x).squareRoot() * polynomial
  return cosine < 0 ? 3.141_592_7 - angle : angle
}
