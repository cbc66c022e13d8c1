/// Cuts ears off a loop in space, the one with the shortest chord first, until few edges are left: for loops too
/// long for dynamic programming. In n log n.
struct EarReduction {
  /// The triangles cut off, by the loop's vertices.
  private(set) var triangles: [SIMD3<Int32>] = []
  /// The vertices left, in order, and for each the unit normal on the patch's outer side of the edge to the next.
  private(set) var rest: [Int32] = []
  private(set) var restNormals: [SIMD3<Double>] = []

  private let points: [SIMD3<Float>]
  private var next: [Int32]
  private var previous: [Int32]
  private var normals: [SIMD3<Double>]
  private var stamps: [UInt32]
  private var heap = LeastFirst()
  /// Where the loop as a whole faces: tells a corner that reaches into the hole from one that reaches out.
  private let facing: SIMD3<Double>

  init(
    _ points: [SIMD3<Float>], rimNormals: [SIMD3<Double>], downTo count: Int, _ run: RunContext,
    isForbidden: (Int, Int) -> Bool
  ) throws(MeshError) {
    let n = points.count
    self.points = points
    next = (0..<Int32(n)).map { $0 + 1 < n ? $0 + 1 : 0 }
    previous = (0..<Int32(n)).map { $0 > 0 ? $0 - 1 : Int32(n - 1) }
    normals = rimNormals
    stamps = Array(repeating: 0, count: n)
    facing = LoopShape(points).normal
    for i in 0..<n { offer(Int32(i), isForbidden) }
    var left = n
    var step = 0
    while left > count, let (v, stamp) = heap.pop() {
      step += 1
      if step & 0xFFF == 0 { try run.checkCancellation() }
      guard stamps[Int(v)] == stamp else { continue }
      let (a, c) = (previous[Int(v)], next[Int(v)])
      triangles.append(SIMD3(a, v, c))
      normals[Int(a)] = ear(a, v, c).normalized
      next[Int(a)] = c
      previous[Int(c)] = a
      stamps[Int(v)] = .max
      left -= 1
      offer(a, isForbidden)
      offer(c, isForbidden)
    }
    guard let first = stamps.firstIndex(where: { $0 != .max }) else { return }
    var v = Int32(first)
    repeat {
      rest.append(v)
      restNormals.append(normals[Int(v)])
      v = next[Int(v)]
    } while v != first
  }

  private func ear(_ a: Int32, _ b: Int32, _ c: Int32) -> SIMD3<Double> {
    let p = SIMD3<Double>(points[Int(a)])
    return cross(SIMD3<Double>(points[Int(b)]) - p, SIMD3<Double>(points[Int(c)]) - p)
  }

  private mutating func offer(_ v: Int32, _ isForbidden: (Int, Int) -> Bool) {
    let (a, c) = (previous[Int(v)], next[Int(v)])
    stamps[Int(v)] += 1
    guard !isForbidden(Int(a), Int(c)), !isFlat(points[Int(a)], points[Int(v)], points[Int(c)]) else {
      return
    }
    let around = normals[Int(a)] + normals[Int(v)] + facing
    let cosine = dot(ear(a, v, c).normalized, around.normalized)
    let chord = length(SIMD3<Double>(points[Int(c)]) - SIMD3<Double>(points[Int(a)]))
    // What folds over or reaches out comes after everything else.
    heap.push(chord * (cosine > 0.3 ? 2 - cosine : 1e6 * (2 - cosine)), v, stamps[Int(v)])
  }
}

/// A binary heap; of equal keys the lowest number first.
struct LeastFirst {
  private var items: [(key: Double, number: Int32, stamp: UInt32)] = []

  private func isBefore(_ i: Int, _ j: Int) -> Bool {
    items[i].key != items[j].key ? items[i].key < items[j].key : items[i].number < items[j].number
  }

  mutating func push(_ key: Double, _ number: Int32, _ stamp: UInt32) {
    items.append((key, number, stamp))
    var i = items.count - 1
    while i > 0, isBefore(i, (i - 1) / 2) {
      items.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func pop() -> (number: Int32, stamp: UInt32)? {
    guard let top = items.first else { return nil }
    let last = items.removeLast()
    if !items.isEmpty {
      items[0] = last
      var i = 0
      while true {
        var least = i
        if 2 * i + 1 < items.count, isBefore(2 * i + 1, least) { least = 2 * i + 1 }
        if 2 * i + 2 < items.count, isBefore(2 * i + 2, least) { least = 2 * i + 2 }
        if least == i { break }
        items.swapAt(i, least)
        i = least
      }
    }
    return (top.number, top.stamp)
  }
}
