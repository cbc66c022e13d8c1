import Facet

/// Three lights and the sky, fixed to the camera: a key light from the upper left, a weaker and cooler fill from
/// the right, a rim light from behind that draws the outline. All in linear light.
struct Lighting {
  private struct Light {
    /// Towards the light, and half way between it and the viewer; in model directions.
    let direction: SIMD3<Float>
    let halfway: SIMD3<Float>
    let color: SIMD3<Float>
  }

  private let key: Light
  private let fill: Light
  private let rim: Light
  private let top: SIMD3<Float>
  private let towards: SIMD3<Float>

  private static let sky = SIMD3<Float>(0.34, 0.36, 0.40)
  private static let ground = SIMD3<Float>(0.13, 0.125, 0.12)

  init(_ camera: Camera) {
    let right = camera.right
    let up = camera.top
    let towards = camera.towards
    func light(_ x: Double, _ y: Double, _ z: Double, _ color: SIMD3<Float>) -> Light {
      let direction = (right * x + up * y + towards * z).normalized
      return Light(
        direction: SIMD3<Float>(direction), halfway: SIMD3<Float>((direction + towards).normalized),
        color: color)
    }
    key = light(-0.50, 0.62, 0.74, SIMD3(0.90, 0.87, 0.82))
    fill = light(0.85, 0.15, 0.50, SIMD3(0.17, 0.19, 0.23))
    rim = light(0.35, 0.60, -0.75, SIMD3(0.30, 0.32, 0.36))
    top = SIMD3<Float>(up)
    self.towards = SIMD3<Float>(towards)
  }

  /// The colour of a surface, 0 to 1 in linear light.
  ///
  /// - Parameters:
  ///   - normal: A unit vector on the viewer's side.
  ///   - visibility: How much of the sky the place sees, 0 to 1.
  @inline(__always)
  func shade(_ normal: SIMD3<Float>, _ albedo: SIMD3<Float>, visibility: Float) -> SIMD3<Float> {
    let facing = greaterOfZero(dot(normal, towards))
    let upward = 0.5 + 0.5 * dot(normal, top)
    let sky = Lighting.ground + (Lighting.sky - Lighting.ground) * upward
    // What little sky a corner sees also keeps lights off it, but less.
    let direct = 0.35 + 0.65 * visibility
    let keyAmount = greaterOfZero(dot(normal, key.direction)) * direct
    let fillAmount = greaterOfZero(0.25 + 0.75 * dot(normal, fill.direction)) * direct
    let edge = (1 - facing) * (1 - facing)
    let rimAmount = edge * greaterOfZero(0.3 + 0.7 * dot(normal, rim.direction)) * visibility
    let diffuse = sky * visibility + key.color * keyAmount + fill.color * fillAmount

    // A soft highlight (Blinn–Phong, exponents 32 and 16) of a satin plastic.
    let keyGloss = power16(greaterOfZero(dot(normal, key.halfway)))
    let fillGloss = power16(greaterOfZero(dot(normal, fill.halfway)))
    let gloss = key.color * (0.10 * keyGloss * keyGloss * direct) + fill.color * (0.12 * fillGloss * direct)
    return soft(albedo * diffuse + gloss + rim.color * (rimAmount * 0.9))
  }

  /// Keeps highlights from clipping: straight up to 0.7, then levelling off towards 1.
  @inline(__always)
  private func soft(_ color: SIMD3<Float>) -> SIMD3<Float> {
    // Four lanes: on three, choosing goes lane by lane.
    let four = SIMD4(color, 0)
    let knee = SIMD4<Float>(repeating: 0.7)
    let over = (four - knee) * (1 / 0.3)
    let bent = knee + 0.3 * (over / (over + 1))
    let result = four.replacing(with: bent, where: four .> knee)
    return SIMD3(result.x, result.y, result.z)
  }

  @inline(__always)
  private func greaterOfZero(_ value: Float) -> Float { value > 0 ? value : 0 }

  @inline(__always)
  private func power16(_ value: Float) -> Float {
    let two = value * value
    let four = two * two
    let eight = four * four
    return eight * eight
  }
}
