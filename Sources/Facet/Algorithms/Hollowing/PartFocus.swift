/// The leaves of a part's tree that matter to questions asked in one small place: the tree above them, and all that is
/// too far away, is then looked at once for all of them. Saves time, never changes an answer.
final class PartFocus {
  /// Nodes, whose slots are all leaves or empty.
  static let room = 16
  /// So many questions are answered from the whole tree first: mostly there are no more, or very many.
  private static let patience = 4

  let nodes: UnsafeMutablePointer<BVH.Node>
  /// For each slot of the nodes.
  let discs: UnsafeMutablePointer<SlotDisc>
  /// 0 where nothing is in focus.
  private(set) var count = 0
  private var box = Box.empty
  private var reach: Float = 0
  private var reachSquared: Float = -1
  private var questions = 0

  init() {
    nodes = .allocate(capacity: PartFocus.room)
    discs = .allocate(capacity: 8 * PartFocus.room)
  }

  deinit {
    nodes.deallocate()
    discs.deallocate()
  }

  /// Whether it is ready, and answers what is nearer than a distance to any point of a box.
  func holds(_ low: SIMD3<Float>, _ high: SIMD3<Float>, _ squared: Float) -> Bool {
    count > 0 && covers(low, high, squared)
  }

  @inline(__always)
  func covers(_ low: SIMD3<Float>, _ high: SIMD3<Float>, _ squared: Float) -> Bool {
    squared <= reachSquared && all(box.minimum .<= low) && all(high .<= box.maximum)
  }

  /// From now on questions are about what is nearer to a box than a distance.
  func aim(at place: Box, reach: Float, rounding: Float) {
    count = 0
    questions = 0
    box = place.grown(by: rounding)
    self.reach = reach
    reachSquared = reach * reach
  }

  /// Whether it is ready for one more question that it covers.
  @inline(__always)
  func isReady(_ scene: PartScene, _ stack: UnsafeMutablePointer<UInt32>) -> Bool {
    count > 0 || hear(scene, stack)
  }

  @inline(never)
  private func hear(_ scene: PartScene, _ stack: UnsafeMutablePointer<UInt32>) -> Bool {
    questions += 1
    if questions == PartFocus.patience { gather(scene, stack) }
    return count > 0
  }

  /// Takes what may be nearer than the reach; nothing where that is too much.
  private func gather(_ scene: PartScene, _ stack: UnsafeMutablePointer<UInt32>) {
    let (low, high) = (box.minimum, box.maximum)
    let mostSquared = SIMD8(repeating: reachSquared * 1.00001)
    let center = (low + high) * 0.5
    let way = high - center
    let discReach = (reach + dot(way, way).squareRoot()) * 1.00001 + 2 * scene.rounding
    let none = SIMD8<Float>.zero
    var found = 0
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let node = scene.points.nodes + Int(stack[top])
      let own = scene.discs + Int(stack[top]) &* 8
      let x = greater(greater(none, node.lanes(at: 0) - high.x), low.x - node.lanes(at: 96))
      let y = greater(greater(none, node.lanes(at: 32) - high.y), low.y - node.lanes(at: 128))
      let z = greater(greater(none, node.lanes(at: 64) - high.z), low.z - node.lanes(at: 160))
      let near = x * x + y * y + z * z
      var mask = bits(near .<= mostSquared)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        if own[lane].isBeyond(SIMD4(center, 0), discReach * discReach) { continue }
        if node.count(lane) == 0 {
          stack[top] = node.child(lane)
          top += 1
          continue
        }
        if found == 8 * PartFocus.room { return }
        add(found, node, lane, own[lane])
        found += 1
      }
    }
    count = (found + 7) / 8
  }

  @inline(__always)
  private func add(_ slot: Int, _ node: UnsafePointer<BVH.Node>, _ lane: Int, _ disc: SlotDisc) {
    let own = nodes + slot / 8
    let place = slot & 7
    if place == 0 { own.initialize(to: BVH.Node()) }
    let raw = UnsafeMutableRawPointer(own)
    for offset in stride(from: 0, to: 192, by: 32) {
      raw.storeBytes(of: node.scalar(at: offset, lane), toByteOffset: offset + 4 * place, as: Float.self)
    }
    raw.storeBytes(of: node.child(lane), toByteOffset: 192 + 4 * place, as: UInt32.self)
    raw.storeBytes(of: UInt8(node.count(lane)), toByteOffset: 224 + place, as: UInt8.self)
    discs[slot] = disc
  }
}

/// Indices of things by the cubes of 4³ cells they are in, for asking about those of a cube together.
struct CellGroups {
  /// Of a cube and an index, ascending.
  private var keys: [UInt64] = []
  private let first: Int

  /// - Parameter cell: The code of an index's cell.
  init(_ range: Range<Int>, cell: (Int) -> UInt32) {
    first = range.lowerBound
    keys.reserveCapacity(range.count)
    for i in range {
      let code = UInt64(cell(i))
      // Of the nine bits of x, y and z in a block the highest of each.
      let cube = (code >> 9) << 3 | code >> 6 & 4 | code >> 4 & 2 | code >> 2 & 1
      keys.append(cube << 32 | UInt64(UInt32(truncatingIfNeeded: i - range.lowerBound)))
    }
    keys.sort()
  }

  /// Calls `body` with the indices of one cube after the other.
  func forEach(_ body: (_ indices: [Int]) -> Void) {
    var own: [Int] = []
    for (i, key) in keys.enumerated() {
      own.append(first + Int(key & 0xFFFF_FFFF))
      if i + 1 < keys.count, keys[i + 1] >> 32 == key >> 32 { continue }
      body(own)
      own.removeAll(keepingCapacity: true)
    }
  }
}
