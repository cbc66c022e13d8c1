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
  /// The square of the cosine of half the crease angle.
  private let halfCosineSquare: Float

  private static let none = UInt32.max

  /// Bytes kept for a mesh.
  static func bytes(for mesh: Mesh) -> Int { 5 * mesh.positions.count + 12 * mesh.triangles.count }

  /// - Parameters:
  ///   - wide: The triangles that will be asked for.
  ///   - cosine: The crease angle's.
  init(_ mesh: Mesh, for wide: [[UInt32]], cosine: Float, _ run: RunContext) throws(MeshError) {
    self.cosine = cosine
    halfCosineSquare = (1 + cosine) / 2
    let triangles = mesh.triangles
    var heads = [UInt32](repeating: CornerNormals.none, count: mesh.positions.count)
    let isMost = wide.reduce(0) { $0 + $1.count } * 4 >= triangles.count
    if isMost {
      next = [UInt32](unsafeUninitializedCapacity: 3 * triangles.count) { next, count in
        heads.withUnsafeMutableBufferPointer { heads in
          triangles.withUnsafeBufferPointer { triangles in
            var t = triangles.count - 1
            while t >= 0 {
              for corner in 0..<3 {
                let vertex = Int(triangles[t][corner])
                next[3 &* t &+ corner] = heads[vertex]
                heads[vertex] = UInt32(truncatingIfNeeded: 3 &* t &+ corner)
              }
              t &-= 1
            }
          }
        }
        count = 3 * triangles.count
      }
      self.heads = heads
      return
    }

    // Few are large: find the corners at their vertices in parallel, and link only those.
    var isNeeded = [Bool](repeating: false, count: mesh.positions.count)
    for chunk in wide {
      for t in chunk {
        for corner in 0..<3 { isNeeded[Int(triangles[Int(t)][corner])] = true }
      }
    }
    let corners = try run.mapChunks(of: triangles.count, size: 1 << 14) {
      (_, range) throws(MeshError) -> [UInt32] in
      isNeeded.withUnsafeBufferPointer { isNeeded in
        triangles.withUnsafeBufferPointer { triangles in
          var found: [UInt32] = []
          for t in range {
            let triangle = triangles[t]
            let needs = (isNeeded[Int(triangle.a)], isNeeded[Int(triangle.b)], isNeeded[Int(triangle.c)])
            if needs.0 { found.append(UInt32(3 * t)) }
            if needs.1 { found.append(UInt32(3 * t + 1)) }
            if needs.2 { found.append(UInt32(3 * t + 2)) }
          }
          return found
        }
      }
    }
    // Of the other corners nothing is written, nor ever read.
    next = [UInt32](unsafeUninitializedCapacity: 3 * triangles.count) { next, count in
      for chunk in corners.reversed() {
        for corner in chunk.reversed() {
          let vertex = Int(triangles[Int(corner / 3)][Int(corner % 3)])
          next[Int(corner)] = heads[vertex]
          heads[vertex] = corner
        }
      }
      count = 3 * triangles.count
    }
    self.heads = heads
  }

  /// Normals of vertices around which no two triangles meet at more than the crease angle, so that all have the
  /// same one: those met last, by the lower bits of their number.
  final class Cache {
    fileprivate static let count = 512
    fileprivate let entries = UnsafeMutablePointer<(vertex: UInt32, normal: SIMD3<Float>)>.allocate(
      capacity: Cache.count)

    init() { entries.initialize(repeating: (.max, .zero), count: Cache.count) }

    deinit { entries.deallocate() }
  }

  /// The unit normal at a corner of a triangle; `face` is the triangle's own.
  func normal(
    at vertex: UInt32, face: SIMD3<Float>, _ positions: UnsafePointer<SIMD3<Float>>,
    _ triangles: UnsafePointer<Triangle>, _ cache: Cache
  ) -> SIMD3<Float> {
    let entry = cache.entries + Int(vertex) & (Cache.count - 1)
    if entry.pointee.vertex == vertex { return entry.pointee.normal }

    let cosine = cosine
    let signedSquare = cosine * abs(cosine)
    let p = positions[Int(vertex)]
    var sum = SIMD3<Float>.zero
    var isAlone = false
    var around = InlineArray<16, SIMD3<Float>>(repeating: .zero)
    var count = 0
    heads.withUnsafeBufferPointer { heads in
      next.withUnsafeBufferPointer { next in
        var corner = heads[Int(vertex)]
        while corner != CornerNormals.none {
          let number = Int(corner / 3)
          let triangle = triangles[number]
          var (second, third) = (triangle.b, triangle.c)
          if Int(corner) == 3 &* number &+ 1 { (second, third) = (triangle.c, triangle.a) }
          if Int(corner) == 3 &* number &+ 2 { (second, third) = (triangle.a, triangle.b) }
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
            if count < 16 { around[count] = normal }
            count &+= 1
          } else if square > 0 {
            isAlone = true
          }
          corner = next[Int(corner)]
        }
      }
    }
    let square = dot(sum, sum)
    guard square > 0 else { return face }
    let normal = sum / square.squareRoot()
    // When all are within half the crease angle of their mean, any two are within the whole.
    if !isAlone && count <= 16 {
      for i in 0..<count {
        let along = dot(around[i], normal)
        if along < 0 || along * along < halfCosineSquare * dot(around[i], around[i]) { return normal }
      }
      entry.pointee = (vertex, normal)
    }
    return normal
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
