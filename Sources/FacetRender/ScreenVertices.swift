import Facet

/// The mesh's vertices as the picture sees them, snapped to a fine grid: every triangle that names a vertex
/// sees it at the same place, so neighbours leave no gap and never overlap.
struct ScreenVertices {
  /// Lanes: x and y in steps of 1 / 2^``subpixelBits`` pixel from the top left corner, the bit pattern of
  /// the depth (a Float, 0 nearest to 1 farthest, linear over the picture), 0.
  let vertices: [SIMD4<Int32>]
  let subpixelBits: Int

  /// Fewer bits for large pictures, so that edge functions over a tile fit in 32 bits.
  static func subpixelBits(width: Int, height: Int) -> Int { max(width, height) <= 4096 ? 8 : 7 }

  init(_ mesh: Mesh, _ camera: Camera, width: Int, height: Int, _ run: RunContext) throws(MeshError) {
    let bits = ScreenVertices.subpixelBits(width: width, height: height)
    subpixelBits = bits
    let unit = Double(1 << bits)
    let rows = camera.clipFromModel
    let (rowX, rowY, rowZ, rowW) = (rows[0], rows[1], rows[2], rows[3])
    // Clip −1…1 to 0…size, y downwards; all vertices are in the frame, the limits only catch rounding.
    let halfX = Double(width) / 2 * unit
    let halfY = Double(height) / 2 * unit
    let positions = mesh.positions
    vertices = try [SIMD4<Int32>](filling: positions.count) { (target) throws(MeshError) in
      let target = target.base
      try run.forEachChunk(of: positions.count, size: 1 << 14) { (_, range) throws(MeshError) in
        positions.withUnsafeBufferPointer { positions in
          for i in range {
            let p = positions[i]
            let x = Double(p.x)
            let y = Double(p.y)
            let z = Double(p.z)
            let clipX = rowX.x * x + rowX.y * y + rowX.z * z + rowX.w
            let clipY = rowY.x * x + rowY.y * y + rowY.z * z + rowY.w
            let clipZ = rowZ.x * x + rowZ.y * y + rowZ.z * z + rowZ.w
            let clipW = rowW.x * x + rowW.y * y + rowW.z * z + rowW.w
            let scale = 1 / clipW
            let screenX = clamped(halfX + clipX * scale * halfX + 0.5, 2 * halfX)
            let screenY = clamped(halfY - clipY * scale * halfY + 0.5, 2 * halfY)
            let depth = clamped(0.5 + 0.5 * clipZ * scale, 1)
            target[i] = SIMD4(
              Int32(screenX), Int32(screenY), Int32(bitPattern: Float(depth).bitPattern), 0)
          }
        }
      }
    }
  }
}

@inline(__always)
private func clamped(_ value: Double, _ limit: Double) -> Double {
  let positive = value > 0 ? value : 0
  return positive < limit ? positive : limit
}
