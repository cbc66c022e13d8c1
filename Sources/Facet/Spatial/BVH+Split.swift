// Where to split a range of items, and doing it.

/// Boxes and counts of the items by the bin their centroid falls in, on three axes.
struct SplitBins {
  static let most = 16
  let boxes: UnsafeMutablePointer<BuildItem>
  let counts: UnsafeMutablePointer<UInt32>

  init() {
    boxes = .allocate(capacity: 3 * SplitBins.most)
    counts = .allocate(capacity: 3 * SplitBins.most)
  }

  func deallocate() {
    boxes.deallocate()
    counts.deallocate()
  }

  func clear(_ binning: Binning) {
    let axes = binning.onlyAxis.map { $0..<$0 + 1 } ?? 0..<3
    for axis in axes {
      (boxes + axis * SplitBins.most).update(repeating: .emptyBuildBox, count: binning.binCount)
      (counts + axis * SplitBins.most).update(repeating: 0, count: binning.binCount)
    }
  }

  @inline(__always)
  func add(_ items: UnsafeMutablePointer<BuildItem>, _ lower: Int, _ upper: Int, _ binning: Binning) {
    if let axis = binning.onlyAxis {
      let boxes = boxes + axis * SplitBins.most
      let counts = counts + axis * SplitBins.most
      for i in lower..<upper {
        let item = items[i]
        let bin = Int(binning.bins(item)[axis])
        boxes[bin] = lesser(boxes[bin], item)
        counts[bin] &+= 1
      }
      return
    }
    for i in lower..<upper {
      let item = items[i]
      let bins = binning.bins(item)
      let x = Int(bins.x)
      let y = Int(bins.y) + SplitBins.most
      let z = Int(bins.z) + 2 * SplitBins.most
      boxes[x] = lesser(boxes[x], item)
      boxes[y] = lesser(boxes[y], item)
      boxes[z] = lesser(boxes[z], item)
      counts[x] &+= 1
      counts[y] &+= 1
      counts[z] &+= 1
    }
  }

  /// Adds bins of a part of the same large range.
  func add(_ other: SplitBins) {
    for i in 0..<3 * SplitBins.most {
      boxes[i] = lesser(boxes[i], other.boxes[i])
      counts[i] &+= other.counts[i]
    }
  }
}

/// From centroids to bins: 8 or 16 along each side of the centroids' box.
struct Binning {
  let lower: SIMD4<Float>
  let factor: SIMD4<Float>
  let offset: Float
  let mask: UInt32
  let binCount: Int
  let scale: Float
  /// The only axis worth looking at for a few items: the longest one.
  let onlyAxis: Int?

  @inline(__always)
  init(_ range: BuildRange, _ scale: Float) {
    binCount = range.count > 64 ? 16 : 8
    lower = range.centroids.lowHalf
    let size = -range.centroids.highHalf - lower
    // A side without length has all centroids in bin 0.
    var factor = (Float(binCount) - 0.02) / greater(size, SIMD4(repeating: 1e-36))
    factor.w = 0
    if range.count <= BVHBuilder.fewItems {
      let axis = size.x >= size.y ? (size.x >= size.z ? 0 : 2) : (size.y >= size.z ? 1 : 2)
      for other in 0..<3 where other != axis { factor[other] = 0 }
      onlyAxis = axis
    } else {
      onlyAxis = nil
    }
    self.factor = factor
    offset = Float(binCount) - 0.5
    mask = UInt32(binCount) - 1
    self.scale = scale
  }

  /// Adding 2^23 leaves the nearest whole number in a float's low bits.
  @inline(__always)
  func bins(_ item: BuildItem) -> SIMD4<UInt32> {
    let along = (centroid(item, scale) - lower) * factor
    let shifted = (along + offset) + 8_388_608
    return unsafeBitCast(shifted, to: SIMD4<UInt32>.self) & SIMD4(repeating: mask)
  }
}

/// A plane between bins: items in bins up to `last` go left. Axis -1: no plane tells the centroids apart, so
/// the range is cut in the middle.
struct SplitPlane {
  var axis = -1
  var last = 0
  var leftCount = 0
  var left = BuildItem.emptyBuildBox
  var right = BuildItem.emptyBuildBox
}

extension SplitBins {
  /// The plane with the least expected cost: area times the number of leaves that the items fill.
  func bestPlane(_ binning: Binning, _ scale: Float) -> SplitPlane {
    var best = SplitPlane()
    var bestCost = Float.infinity
    withUnsafeTemporaryAllocation(of: Float.self, capacity: SplitBins.most) { rightCosts in
      for axis in 0..<3 where binning.factor[axis] > 0 {
        let boxes = boxes + axis * SplitBins.most
        let counts = counts + axis * SplitBins.most
        var box = BuildItem.emptyBuildBox
        var count: UInt32 = 0
        var bin = binning.binCount - 1
        while bin > 0 {
          box = lesser(box, boxes[bin])
          count &+= counts[bin]
          rightCosts[bin - 1] = count == 0 ? .infinity : halfArea(box, scale) * Float((count &+ 3) >> 2)
          bin -= 1
        }
        box = .emptyBuildBox
        count = 0
        for bin in 0..<binning.binCount - 1 {
          box = lesser(box, boxes[bin])
          count &+= counts[bin]
          if count == 0 { continue }
          let cost = halfArea(box, scale) * Float((count &+ 3) >> 2) + rightCosts[bin]
          if cost < bestCost {
            bestCost = cost
            best.axis = axis
            best.last = bin
            best.leftCount = Int(count)
          }
        }
      }
    }
    guard best.axis >= 0 else { return best }
    let chosen = boxes + best.axis * SplitBins.most
    for bin in 0...best.last { best.left = lesser(best.left, chosen[bin]) }
    for bin in best.last + 1..<binning.binCount { best.right = lesser(best.right, chosen[bin]) }
    return best
  }
}

extension BVHBuilder {
  /// Binary levels after which ranges are cut in the middle, whatever their boxes: no arrangement of
  /// triangles makes the tree much deeper.
  static let deepestPlane = 56
  /// Up to so many items, going through the bins of three axes would cost more than it gains.
  static let fewItems = 16

  func buffer(_ range: BuildRange) -> UnsafeMutablePointer<BuildItem> { range.inSpare ? spare : items }

  /// Splits a range within one task. Stable.
  func split(_ range: BuildRange, _ bins: SplitBins) -> (BuildRange, BuildRange) {
    let source = buffer(range)
    if range.depth >= BVHBuilder.deepestPlane { return cut(range) }
    let binning = Binning(range, scale)
    bins.clear(binning)
    bins.add(source, range.lower, range.upper, binning)
    let plane = bins.bestPlane(binning, scale)
    if plane.axis < 0 { return cut(range) }

    let aside = range.inSpare ? items : spare
    let middle = range.lower + plane.leftCount
    let last = UInt32(plane.last)
    let axis = plane.axis
    var left = range.lower
    var right = range.lower
    // Every item is written to both sides; only the side it belongs to moves on.
    for i in range.lower..<range.upper {
      let item = source[i]
      let goesLeft = binning.bins(item)[axis] <= last
      source[left] = item
      aside[right] = item
      left &+= goesLeft ? 1 : 0
      right &+= goesLeft ? 0 : 1
    }
    (source + middle).update(from: aside + range.lower, count: range.upper - middle)
    return (
      BuildRange(
        lower: range.lower, upper: middle, box: plane.left,
        centroids: centroidBox(source, range.lower, middle, scale), inSpare: range.inSpare,
        depth: range.depth + 1),
      BuildRange(
        lower: middle, upper: range.upper, box: plane.right,
        centroids: centroidBox(source, middle, range.upper, scale), inSpare: range.inSpare,
        depth: range.depth + 1)
    )
  }

  /// Halves a range as its items stand.
  func cut(_ range: BuildRange) -> (BuildRange, BuildRange) {
    let middle = (range.lower + range.upper) / 2
    return (part(range, range.lower, middle), part(range, middle, range.upper))
  }

  private func part(_ range: BuildRange, _ lower: Int, _ upper: Int) -> BuildRange {
    let source = buffer(range)
    var box = BuildItem.emptyBuildBox
    for i in lower..<upper { box = lesser(box, source[i]) }
    return BuildRange(
      lower: lower, upper: upper, box: box, centroids: centroidBox(source, lower, upper, scale),
      inSpare: range.inSpare, depth: range.depth + 1)
  }
}
