/// Sets of numbers that can be joined but not parted. A set's root is its least member, so what the sets are
/// does not depend on the order in which they were joined.
struct DisjointSets: Sendable {
  private var parent: [UInt32]

  init(count: Int) { parent = Array(0..<UInt32(count)) }

  var count: Int { parent.count }

  mutating func root(_ i: UInt32) -> UInt32 {
    parent.withUnsafeMutableBufferPointer { disjointRoot($0.baseAddress!, i) }
  }

  mutating func join(_ a: UInt32, _ b: UInt32) {
    parent.withUnsafeMutableBufferPointer { disjointJoin($0.baseAddress!, a, b) }
  }
}

/// The root of `i` in a forest in which no parent is above its child.
@inline(__always)
func disjointRoot(_ parent: UnsafeMutablePointer<UInt32>, _ i: UInt32) -> UInt32 {
  var i = i
  while true {
    let p = parent[Int(i)]
    if p == i { return i }
    let grandparent = parent[Int(p)]
    parent[Int(i)] = grandparent
    i = grandparent
  }
}

@inline(__always)
func disjointJoin(_ parent: UnsafeMutablePointer<UInt32>, _ a: UInt32, _ b: UInt32) {
  let (a, b) = (disjointRoot(parent, a), disjointRoot(parent, b))
  if a < b { parent[Int(b)] = a } else { parent[Int(a)] = b }
}
