/// The point of a plane in a cube around the origin that is nearest to the origin, or, where the plane passes by, the
/// corner nearest to it: of a plane that only clips the cube too.
@inline(__always)
func nearestInCube(half: Float, _ normal: SIMD3<Float>, _ height: Float) -> SIMD3<Float> {
  var point = SIMD3<Float>.zero
  var isFree = SIMD3<Float>(repeating: 1)
  var left = height
  // Some way along the normal; coordinates that leave the cell stay at its side, and the others go farther.
  for _ in 0..<3 {
    let free = normal * isFree
    let squared = dot(free, free)
    if squared < 1e-12 { break }
    let way = left / squared
    var isDone = true
    for axis in 0..<3 where isFree[axis] != 0 {
      let p = free[axis] * way
      point[axis] = max(-half, min(p, half))
      if abs(p) > half {
        isFree[axis] = 0
        left -= normal[axis] * point[axis]
        isDone = false
      }
    }
    if isDone { break }
  }
  return point
}
