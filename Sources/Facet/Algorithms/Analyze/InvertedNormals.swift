// Which triangles face inward. First neighbours are made to agree, the smaller area giving way, which yields
// patches: pieces of surface with one orientation of their own. Then each patch is asked which side is
// outside, by winding numbers (Jacobson, Kavan and Sorkine-Hornung, "Robust inside-outside segmentation using
// generalized winding numbers", 2013).

extension Topology {
  /// For each triangle whether it faces inward, as ``Analysis/invertedNormals`` counts them.
  ///
  /// - Parameters:
  ///   - badEdges: Those of this topology.
  ///   - bvh: The tree of the mesh.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  package func inverted(
    in mesh: Mesh, _ badEdges: BadEdges, _ bvh: BVH, _ run: RunContext = .init()
  ) throws(MeshError) -> [Bool] {
    let patches = try OrientedPatches(mesh, self, badEdges, run.slice(0...0.3))
    let facing = try patches.areInverted(mesh, bvh, run.slice(0.3...1))
    return mesh.triangles.indices.map { f in
      let patch = patches.ofTriangle[f]
      return patch != Shells.none && patches.isFlipped[f] != facing[Int(patch)]
    }
  }
}

/// Pieces of surface whose triangles agree about the outside, once some have been flipped.
struct OrientedPatches {
  /// For each triangle its patch, or ``Shells/none`` for a degenerate one.
  private(set) var ofTriangle: [UInt32]
  /// For each triangle whether it disagrees with most of its patch.
  private(set) var isFlipped: [Bool]
  /// For each patch whether it has no edge but those where two of its triangles meet.
  private(set) var isClosed: [Bool]
  /// For each patch its volume with the flips made.
  private(set) var volume: [Double]

  var count: Int { isClosed.count }

  init(
    _ mesh: Mesh, _ topology: Topology, _ badEdges: BadEdges, _ run: RunContext
  ) throws(MeshError) {
    try run.reserve(bytes: mesh.triangles.count * 32, for: "orienting the shells")
    // Sheets agree over twins; edges of two triangles that disagree make patches of them.
    let sheets = try topology.shells(
      BadEdges(boundary: [], nonManifold: [], nonManifoldStarts: [0]), run)
    let agreement = SheetAgreement(sheets, try mesh.measured(sheets, run), badEdges)
    ofTriangle = sheets.ofTriangle.map { $0 == Shells.none ? $0 : agreement.patch[Int($0)] }
    isFlipped = sheets.ofTriangle.map { $0 != Shells.none && agreement.isFlipped[Int($0)] }
    isClosed = agreement.isClosed
    volume = agreement.volume
  }

  /// For each patch whether it faces inward as a whole.
  func areInverted(_ mesh: Mesh, _ bvh: BVH, _ run: RunContext) throws(MeshError) -> [Bool] {
    // Closed patches that all enclose a positive volume all face outward.
    if (0..<count).allSatisfy({ isClosed[$0] && volume[$0] > 0 }) {
      return [Bool](repeating: false, count: count)
    }
    let agreeing = Mesh(
      unchecked: mesh.positions,
      triangles: zip(mesh.triangles, isFlipped).map { $1 ? $0.flipped : $0 })
    // Alone, a closed patch is decided by its volume, and an open one has nothing around it.
    if count == 1 && isClosed[0] { return [volume[0] < 0] }
    let winding = count == 1 ? nil : try WindingNumber(agreeing, bvh, run.slice(0...0.5))
    let sides = PatchSides(mesh: agreeing, winding: winding, members: members())
    let results = try run.mapChunks(of: count, size: 64) { (_, range) throws(MeshError) in
      range.map { isClosed[$0] ? sides.isClosedInverted($0) : sides.isOpenInverted($0) }
    }
    return results.flatMap { $0 }
  }

  /// The triangles of each patch.
  private func members() -> PatchMembers {
    var starts = [Int](repeating: 0, count: count + 1)
    for patch in ofTriangle where patch != Shells.none { starts[Int(patch) + 1] += 1 }
    for i in 0..<count { starts[i + 1] += starts[i] }
    var triangles = [UInt32](repeating: 0, count: starts[count])
    var next = starts
    for (f, patch) in ofTriangle.enumerated() where patch != Shells.none {
      triangles[next[Int(patch)]] = UInt32(f)
      next[Int(patch)] += 1
    }
    return PatchMembers(starts: starts, triangles: triangles)
  }
}

/// Which sheets disagree with most of the patch of sheets that they make up together.
struct SheetAgreement {
  /// For each sheet its patch; patches are numbered by their first sheets.
  private(set) var patch: [UInt32]
  /// For each sheet whether it has to be turned over.
  private(set) var isFlipped: [Bool]
  /// For each patch whether it has no edge but those where two of its triangles meet.
  private(set) var isClosed: [Bool] = []
  /// For each patch its volume with the flips made.
  private(set) var volume: [Double]

  /// - Parameters:
  ///   - sheets: Pieces that hold together over twins alone.
  ///   - measures: Theirs.
  init(_ sheets: Shells, _ measures: [Measures], _ badEdges: BadEdges) {
    var sets = SignedSets(count: sheets.count)
    var isOpen = [Bool](repeating: false, count: sheets.count)
    for h in badEdges.boundary { isOpen[Int(sheets.ofTriangle[Int(h / 3)])] = true }
    for edge in 0..<badEdges.nonManifoldCount {
      let group = badEdges.nonManifold(edge).map { sheets.ofTriangle[Int($0 / 3)] }
      if group.count == 2 {
        // Where a strip with a twist meets itself no choice is right; what was chosen first stays.
        sets.joinOpposite(group[0], group[1])
      } else {
        for sheet in group { isOpen[Int(sheet)] = true }
      }
    }

    // Of each patch the signs that have less area give way.
    var patchOfRoot = [UInt32](repeating: .max, count: sheets.count)
    var area: [(plus: Double, minus: Double)] = []
    let signed = (0..<UInt32(sheets.count)).map { sets.root($0) }
    for (sheet, member) in signed.enumerated() {
      if patchOfRoot[Int(member.root)] == .max {
        patchOfRoot[Int(member.root)] = UInt32(area.count)
        area.append((0, 0))
        isClosed.append(true)
      }
      let patch = Int(patchOfRoot[Int(member.root)])
      if member.isOpposite {
        area[patch].minus += measures[sheet].area
      } else {
        area[patch].plus += measures[sheet].area
      }
      if isOpen[sheet] { isClosed[patch] = false }
    }
    patch = signed.map { patchOfRoot[Int($0.root)] }
    volume = [Double](repeating: 0, count: area.count)
    isFlipped = [Bool](repeating: false, count: sheets.count)
    for (sheet, member) in signed.enumerated() {
      let patch = Int(patch[sheet])
      isFlipped[sheet] = member.isOpposite == (area[patch].plus >= area[patch].minus)
      volume[patch] += isFlipped[sheet] ? -measures[sheet].volume : measures[sheet].volume
    }
  }
}

/// The triangles of each patch, ascending.
struct PatchMembers: Sendable {
  let starts: [Int]
  let triangles: [UInt32]

  subscript(patch: Int) -> ArraySlice<UInt32> { triangles[starts[patch]..<starts[patch + 1]] }
}

/// Asks on which side of a patch the outside is.
struct PatchSides: Sendable {
  let mesh: Mesh
  /// Of all patches; nil when there is only one.
  let winding: WindingNumber?
  let members: PatchMembers

  /// In the middle of a surface that faces outward the winding number is a half, or one and a half and so on
  /// inside other parts; that of one that faces inward is minus a half. A cavity's shell is the sum of the
  /// part's 1 and its own minus a half.
  func isClosedInverted(_ patch: Int) -> Bool {
    let probe = Probe(mesh, members[patch])
    guard let winding else { return false }
    let offset = probe.normal * (probe.size * 1e-3)
    let middle = (winding.at(probe.center + offset) + winding.at(probe.center - offset)) / 2
    return middle < -0.1
  }

  /// An open patch shows its outside by its own bulge and by the others: they wind more on the inner side.
  /// A loose triangle has only the others, a part with a hole only itself.
  func isOpenInverted(_ patch: Int) -> Bool {
    let probe = Probe(mesh, members[patch])
    let offset = probe.normal * (probe.size * 0.5)
    let (front, back) = (probe.center + offset, probe.center - offset)
    var bulge = 0.0
    var (othersInFront, othersBehind) = (winding?.at(front) ?? 0, winding?.at(back) ?? 0)
    for f in members[patch] {
      let (a, b, c) = mesh.corners(Int(f))
      // In its own plane the probe's triangle does not wind.
      if Int(f) != probe.triangle { bulge += solidAngle(a, b, c, from: probe.center) / (4 * .pi) }
      if winding != nil {
        othersInFront -= solidAngle(a, b, c, from: front) / (4 * .pi)
        othersBehind -= solidAngle(a, b, c, from: back) / (4 * .pi)
      }
    }
    // Whole turns of the others: this one lies in their inside, as a cavity's shell does.
    let around = ((othersInFront + othersBehind) / 2 + 0.1).rounded(.down)
    return 2 * (bulge + around) + (othersBehind - othersInFront) < -0.01
  }
}

/// Where a patch is asked: at its largest triangle.
private struct Probe {
  var triangle = 0
  var center = SIMD3<Float>.zero
  var normal = SIMD3<Float>.zero
  /// The square root of its area, mm.
  var size: Float = 0

  init(_ mesh: Mesh, _ triangles: ArraySlice<UInt32>) {
    var largest: Float = -1
    for f in triangles {
      let (a, b, c) = mesh.corners(Int(f))
      let n = cross(b - a, c - a)
      let twiceArea = length(n)
      guard twiceArea > largest else { continue }
      largest = twiceArea
      triangle = Int(f)
      center = (a + b + c) / 3
      normal = n.normalized
      size = (twiceArea / 2).squareRoot()
    }
  }
}

/// Disjoint sets whose members are each with or against their root.
private struct SignedSets {
  private var parent: [UInt32]
  /// Against the parent.
  private var isOpposite: [Bool]

  init(count: Int) {
    parent = Array(0..<UInt32(count))
    isOpposite = [Bool](repeating: false, count: count)
  }

  /// The root is the least member.
  mutating func root(_ i: UInt32) -> (root: UInt32, isOpposite: Bool) {
    var (root, opposite) = (i, false)
    while parent[Int(root)] != root {
      if isOpposite[Int(root)] { opposite.toggle() }
      root = parent[Int(root)]
    }
    // Shorten the way.
    var (at, rest) = (i, opposite)
    while parent[Int(at)] != root && at != root {
      let next = parent[Int(at)]
      let step = isOpposite[Int(at)]
      parent[Int(at)] = root
      isOpposite[Int(at)] = rest
      if step { rest.toggle() }
      at = next
    }
    return (root, opposite)
  }

  mutating func joinOpposite(_ a: UInt32, _ b: UInt32) {
    let (ra, rb) = (root(a), root(b))
    if ra.root == rb.root { return }
    let (low, high) = ra.root < rb.root ? (ra.root, rb.root) : (rb.root, ra.root)
    parent[Int(high)] = low
    isOpposite[Int(high)] = ra.isOpposite == rb.isOpposite
  }
}
