extension BVH {
  /// What is wrong with the tree for this mesh, or nil when it is sound: every triangle in exactly one leaf,
  /// every box around all that is below it and no larger, every node reached once.
  package func violation(_ mesh: Mesh) -> String? {
    if MemoryLayout<Node>.stride != 240 { return "a node is not 240 bytes" }
    if order.count != mesh.triangles.count { return "\(order.count) triangles, the mesh has others" }
    if corners != order.map({ mesh.triangles[Int($0)] }) { return "corners and triangles do not match" }
    var seenTriangles = [Bool](repeating: false, count: order.count)
    var seenNodes = [Bool](repeating: false, count: nodes.count)
    var problem: String?
    var deepest = 0

    func check(_ index: Int, _ level: Int) -> Box {
      deepest = max(deepest, level)
      if seenNodes[index] { problem = "node \(index) is reached twice" }
      seenNodes[index] = true
      let node = nodes[index]
      var whole = Box.empty
      for lane in 0..<8 where node.minX[lane] != .infinity {
        let box = Box(
          minimum: SIMD3(node.minX[lane], node.minY[lane], node.minZ[lane]),
          maximum: SIMD3(node.maxX[lane], node.maxY[lane], node.maxZ[lane]))
        let child = Int(node.child[lane])
        let count = Int(node.count[lane])
        var content = Box.empty
        if count == 0 {
          if child <= index {
            problem = "node \(child) comes before its parent \(index)"
            return whole
          }
          content = check(child, level + 1)
        } else if count > BVH.leafSize {
          problem = "a leaf of node \(index) has \(count) triangles"
        } else {
          for triangle in order[child..<child + count] {
            if seenTriangles[Int(triangle)] { problem = "triangle \(triangle) is in two leaves" }
            seenTriangles[Int(triangle)] = true
            let (a, b, c) = mesh.corners(Int(triangle))
            content.formUnion(a)
            content.formUnion(b)
            content.formUnion(c)
          }
        }
        if content != box { problem = "box \(lane) of node \(index) is not the box of its contents" }
        whole.formUnion(box)
      }
      return whole
    }

    let whole = check(0, 1)
    if problem == nil, whole != bounds { problem = "the bounds are not those of the root" }
    if problem == nil, deepest != depth { problem = "the depth is \(deepest), not \(depth)" }
    if problem == nil, seenTriangles.contains(false) { problem = "a triangle is in no leaf" }
    if problem == nil, seenNodes.contains(false) { problem = "a node is never reached" }
    return problem
  }
}
