/// The triangles of a part that may be near to something small, seen from a point of it: one after the other, and four
/// side by side for distances.
final class NearTriangles {
  /// Up to so many.
  static let room = 64

  private(set) var count = 0
  private var origin = SIMD3<Float>.zero
  private let triangles: UnsafeMutablePointer<Triangle>
  private let normals: UnsafeMutablePointer<SIMD3<Float>>
  private let lanes: UnsafeMutablePointer<FaceLanes>
  private let firsts: UnsafeMutablePointer<Lanes3>

  init() {
    triangles = .allocate(capacity: NearTriangles.room)
    normals = .allocate(capacity: NearTriangles.room)
    lanes = .allocate(capacity: NearTriangles.room / 4)
    firsts = .allocate(capacity: NearTriangles.room / 4)
  }

  deinit {
    triangles.deallocate()
    normals.deallocate()
    lanes.deallocate()
    firsts.deallocate()
  }

  func removeAll() { count = 0 }

  /// Adds a triangle; false when there is no room for it.
  ///
  /// - Parameter normal: Of length 1 or zero.
  @inline(__always)
  func add(_ t: Triangle, normal: SIMD3<Float>) -> Bool {
    if count == NearTriangles.room { return false }
    triangles[count] = t
    normals[count] = normal
    count += 1
    return true
  }

  /// Has to be called before distances are asked for, with a point that is not far away.
  func arrange(_ positions: UnsafeBufferPointer<SIMD3<Float>>, from origin: SIMD3<Float>) {
    self.origin = origin
    for first in stride(from: 0, to: count, by: 4) {
      var a = InlineArray<4, SIMD3<Float>>(repeating: .zero)
      var u = a
      var v = a
      var n = a
      for lane in 0..<4 {
        // The last one again where there are no more.
        let i = min(first + lane, count - 1)
        let t = triangles[i]
        let (p, q, r) = (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
        a[lane] = p - origin
        (u[lane], v[lane], n[lane]) = (q - p, r - p, normals[i])
      }
      firsts[first / 4] = Lanes3(a[0], a[1], a[2], a[3])
      lanes[first / 4] = FaceLanes(
        Lanes3(u[0], u[1], u[2], u[3]), Lanes3(v[0], v[1], v[2], v[3]),
        normals: Lanes3(n[0], n[1], n[2], n[3]))
    }
  }

  /// The squared distance of a point from the nearest.
  @inline(__always)
  func squaredDistance(to point: SIMD3<Float>) -> Float {
    let p = point - origin
    var least = SIMD4<Float>(repeating: .infinity)
    for i in 0..<(count &+ 3) / 4 {
      let first = firsts[i]
      let squared = lanes[i].squaredDistances(p.x - first.x, p.y - first.y, p.z - first.z)
      least = lesser(least, squared)
    }
    return min(min(least[0], least[1]), min(least[2], least[3]))
  }

  /// From a point to the nearest.
  func offset(from point: SIMD3<Float>, _ positions: UnsafeBufferPointer<SIMD3<Float>>) -> SIMD3<Float> {
    var best = SIMD3<Float>(repeating: .infinity)
    var least = Float.infinity
    for i in 0..<count {
      let t = triangles[i]
      let offset = closestOffset(
        positions[Int(t.a)] - point, positions[Int(t.b)] - point, positions[Int(t.c)] - point)
      let squared = dot(offset, offset)
      if squared < least { (best, least) = (offset, squared) }
    }
    return best
  }
}
