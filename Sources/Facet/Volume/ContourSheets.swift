// Where the vertices around surface without thickness are to be: on the sides of its plates, and where those meet,
// on the edge or in the corner that they form.

extension CellPlacer {
  /// Marks a vertex's source: it lies on a side of the triangle's plate, not on the triangle.
  static let besideSheet: UInt32 = 1 << 31

  /// The plates near a cell, seen from its center, and their sides that may be in it.
  final class Plates {
    /// With more of them the surface bends in too many ways for edges to be told.
    static let capacity = 6
    static let sideCapacity = 12
    let plates = UnsafeMutablePointer<SheetPlate>.allocate(capacity: capacity)
    let sides = UnsafeMutablePointer<Side>.allocate(capacity: sideCapacity)
    var count = 0
    var sideCount = 0

    struct Side: BitwiseCopyable {
      var normal: SIMD3<Float>
      var height: Float
      var triangle: UInt32
    }

    deinit {
      plates.deallocate()
      sides.deallocate()
    }

    /// How far out of all of them a point is.
    @inline(__always)
    func distance(_ p: SIMD3<Float>) -> Float {
      var least = Float.infinity
      for i in 0..<count { least = min(least, plates[i].distance(p)) }
      return least
    }
  }

  /// Where the vertex of a cell beside a sheet is to be, and the triangle whose plate it is on.
  func beside(
    _ inside: UInt32, _ best: Int, _ scratch: Scratch
  ) -> (offset: SIMD3<Float>, triangle: UInt32) {
    let plates = scratch.plates
    if gatherSides(scratch), let found = corner(plates) ?? crease(plates) ?? flat(plates) { return found }
    return (smooth(inside, best, scratch), scratch.candidates[best].triangle)
  }

  /// False when there are too many.
  private func gatherSides(_ scratch: Scratch) -> Bool {
    let plates = scratch.plates
    plates.count = 0
    plates.sideCount = 0
    guard scratch.count <= Plates.capacity else { return false }
    for i in 0..<scratch.count {
      let candidate = scratch.candidates[i]
      let plate = SheetPlate(candidate.a, candidate.b, candidate.c, half: SheetPlate.half * voxel)
      plates.plates[plates.count] = plate
      plates.count += 1
      for k in 0..<SheetPlate.sideCount {
        let side = plate.side(k)
        // The farthest corner of the cell is √3 halves away.
        guard abs(side.height) <= 0.87 * voxel, side.normal != .zero, !isKnown(side, plates) else { continue }
        guard plates.sideCount < Plates.sideCapacity else { return false }
        plates.sides[plates.sideCount] = .init(
          normal: side.normal, height: side.height, triangle: candidate.triangle)
        plates.sideCount += 1
      }
    }
    return true
  }

  private func isKnown(_ side: SheetPlate.Side, _ plates: Plates) -> Bool {
    for i in 0..<plates.sideCount {
      let other = plates.sides[i]
      if dot(other.normal, side.normal) > 0.999999 && abs(other.height - side.height) < 1e-3 * voxel {
        return true
      }
    }
    return false
  }

  /// Whether a point is in the cell and on the surface of all plates together.
  private func isOn(_ p: SIMD3<Float>, _ plates: Plates) -> Bool {
    max(abs(p.x), abs(p.y), abs(p.z)) <= 0.501 * voxel && abs(plates.distance(p)) <= 2e-3 * voxel
  }

  private func corner(_ plates: Plates) -> (offset: SIMD3<Float>, triangle: UInt32)? {
    var found: (offset: SIMD3<Float>, triangle: UInt32)?
    var widest: Float = 0.1
    let (sides, count) = (plates.sides, plates.sideCount)
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        let along = cross(sides[i].normal, sides[j].normal)
        for k in j + 1..<max(count, j + 1) {
          let determinant = dot(along, sides[k].normal)
          guard abs(determinant) > widest else { continue }
          let point =
            (sides[i].height * cross(sides[j].normal, sides[k].normal)
              + sides[j].height * cross(sides[k].normal, sides[i].normal) + sides[k].height * along)
            / determinant
          if isOn(point, plates) {
            widest = abs(determinant)
            found = (point, sides[i].triangle)
          }
        }
      }
    }
    return found
  }

  private func crease(_ plates: Plates) -> (offset: SIMD3<Float>, triangle: UInt32)? {
    var found: (offset: SIMD3<Float>, triangle: UInt32)?
    var sharpest: Float = 0.0076
    let (sides, count) = (plates.sides, plates.sideCount)
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        let along = cross(sides[i].normal, sides[j].normal)
        let squared = dot(along, along)
        guard squared > sharpest else { continue }
        let c = dot(sides[i].normal, sides[j].normal)
        let scale = 1 / (1 - c * c)
        let base =
          sides[i].normal * ((sides[i].height - c * sides[j].height) * scale)
          + sides[j].normal * ((sides[j].height - c * sides[i].height) * scale)
        let direction = along.normalized
        if let point = clipped(base, direction), isOn(point, plates) {
          sharpest = squared
          found = (point, sides[i].triangle)
        }
      }
    }
    return found
  }

  /// The point of a line in the cell that is nearest to the line's base, or nil.
  @inline(__always)
  private func clipped(_ base: SIMD3<Float>, _ direction: SIMD3<Float>) -> SIMD3<Float>? {
    var (first, last) = (-Float.infinity, Float.infinity)
    let half = 0.5 * voxel
    for axis in 0..<3 {
      if abs(direction[axis]) < 1e-6 {
        if abs(base[axis]) > half { return nil }
        continue
      }
      let (p, q) = ((-half - base[axis]) / direction[axis], (half - base[axis]) / direction[axis])
      first = max(first, min(p, q))
      last = min(last, max(p, q))
    }
    return first <= last ? base + direction * max(first, min(last, 0)) : nil
  }

  private func flat(_ plates: Plates) -> (offset: SIMD3<Float>, triangle: UInt32)? {
    var found: (offset: SIMD3<Float>, triangle: UInt32)?
    var least = Float.infinity
    for i in 0..<plates.sideCount {
      let side = plates.sides[i]
      let point = nearestInCube(half: 0.5 * voxel, side.normal, side.height)
      let squared = dot(point, point)
      if squared < least && isOn(point, plates) {
        least = squared
        found = (point, side.triangle)
      }
    }
    return found
  }

  /// A point on the side of the outside nodes, as far from the surface as a plate's side would be.
  private func smooth(_ inside: UInt32, _ best: Int, _ scratch: Scratch) -> SIMD3<Float> {
    var away = SIMD3<Float>.zero
    for corner in 0..<8 where inside &>> UInt32(corner) & 1 == 0 {
      for i in 0..<scratch.count where scratch.candidates[i].triangle == scratch.nodes[corner] {
        let node = self.node(corner)
        away -= offset(to: scratch.candidates[i], from: node).normalized
        break
      }
    }
    let n = away.normalized
    let reach = SheetPlate.half * voxel * (abs(n.x) + abs(n.y) + abs(n.z))
    return nearestInCube(half: 0.5 * voxel, n, dot(n, scratch.candidates[best].point) + reach)
  }

  // MARK: Cuts

  /// The farther of two points from the surface of the plates of a quad's vertices: whether it is the first.
  func isFarther(
    _ first: SIMD3<Float>, _ second: SIMD3<Float>, fromPlatesAround quad: SIMD4<UInt32>
  ) -> Bool? {
    var isAny = false
    var (p, q) = (Float.infinity, Float.infinity)
    for k in 0..<4 {
      let source = contour.sources[Int(quad[k])]
      guard source != .max, source & CellPlacer.besideSheet != 0 else { continue }
      isAny = true
      let (a, b, c) = corners(source & ~CellPlacer.besideSheet)
      let plate = SheetPlate(a - first, b - first, c - first, half: SheetPlate.half * voxel)
      p = min(p, plate.distance(.zero))
      q = min(q, plate.distance(second - first))
    }
    return isAny ? abs(p) > abs(q) : nil
  }
}
