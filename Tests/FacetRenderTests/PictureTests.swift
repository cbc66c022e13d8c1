import Facet
import FacetTestSupport
import Testing

@testable import FacetRender

extension Image {
  fileprivate func pixel(_ x: Int, _ y: Int) -> Color {
    let i = 4 * (y * width + x)
    return Color(red: pixels[i], green: pixels[i + 1], blue: pixels[i + 2], alpha: pixels[i + 3])
  }

  /// The mean difference of a channel, 0 to 255.
  fileprivate func difference(from other: Image) -> Double {
    precondition(width == other.width && height == other.height)
    var sum = 0
    for i in pixels.indices { sum += abs(Int(pixels[i]) - Int(other.pixels[i])) }
    return Double(sum) / Double(pixels.count)
  }

  /// The box of pixels that are not wholly transparent.
  fileprivate var drawnBox: (x: ClosedRange<Int>, y: ClosedRange<Int>)? {
    var (x0, x1, y0, y1) = (Int.max, -1, Int.max, -1)
    for y in 0..<height {
      for x in 0..<width where pixel(x, y).alpha > 0 {
        (x0, x1, y0, y1) = (min(x0, x), max(x1, x), min(y0, y), max(y1, y))
      }
    }
    return x1 < 0 ? nil : (x0...x1, y0...y1)
  }
}

extension Mesh {
  fileprivate func mapped(_ transform: (SIMD3<Float>) -> SIMD3<Float>) -> Mesh {
    try! Mesh(positions: positions.map(transform), triangles: triangles, colors: colors)
  }

  fileprivate func colored(_ color: (Int) -> Color?) -> Mesh {
    let attributes = triangles.indices.map { t in
      color(t).map { FacetColors.attribute(for: $0, .visCAM) } ?? 0
    }
    return try! Mesh(
      positions: positions, triangles: triangles,
      colors: FacetColors(convention: .visCAM, attributes: attributes))
  }
}

/// An L-shaped part: no rotation or mirror image of it looks like itself.
private let asymmetric: Mesh = {
  let parts = [
    Primitive.box(minimum: SIMD3(0, 0, 0), maximum: SIMD3(4, 2, 1)),
    Primitive.box(minimum: SIMD3(0, 0, 1), maximum: SIMD3(1, 2, 3)),
    Primitive.box(minimum: SIMD3(3, 1.5, 1), maximum: SIMD3(3.5, 2, 1.75)),
  ]
  var positions: [SIMD3<Float>] = []
  var triangles: [Triangle] = []
  for part in parts {
    let base = UInt32(positions.count)
    positions += part.positions
    triangles += part.triangles.map { Triangle($0.a + base, $0.b + base, $0.c + base) }
  }
  return try! Mesh(positions: positions, triangles: triangles)
}()

private let red = Color(red: 255, green: 0, blue: 0)
private let green = Color(red: 0, green: 255, blue: 0)
private let blue = Color(red: 0, green: 0, blue: 255)

@Suite struct PictureTests {
  // MARK: The camera

  @Test func theFixedCameraSeesTheFrontLeftTheRightSideRightAndTheTop() throws {
    let box = Primitive.box().colored { t in
      // Two triangles a side: bottom, top, front (−Y), back, left, right (+X).
      [nil, green, red, nil, nil, blue][t / 2]
    }
    let image = try box.rendered(ThumbnailOptions(width: 100, height: 100))
    let front = image.pixel(32, 65)
    let right = image.pixel(75, 60)
    let top = image.pixel(50, 25)
    #expect(front.red > 2 * max(front.green, front.blue), "\(front)")
    #expect(right.blue > 2 * max(right.red, right.green), "\(right)")
    #expect(top.green > 2 * max(top.red, top.blue), "\(top)")
  }

  @Test(arguments: [ThumbnailOptions.Projection.perspective, .orthographic])
  func anglesTurnTheModelAboutXThenYThenZ(projection: ThumbnailOptions.Projection) throws {
    func turned(_ p: SIMD3<Float>) -> SIMD3<Float> {
      // 90° about X: y → z, z → −y. Then 90° about Y: z → x, x → −z. Then −90° about Z: x → −y, y → x.
      let x = SIMD3(p.x, -p.z, p.y)
      let y = SIMD3(x.z, x.y, -x.x)
      return SIMD3(y.y, -y.x, y.z)
    }
    let turnedModel = asymmetric.mapped(turned)
    var options = ThumbnailOptions(width: 96, height: 96, projection: projection)
    let expected = try turnedModel.rendered(options)
    options.cameraAngleX = 90
    options.cameraAngleY = 90
    options.cameraAngleZ = -90
    let image = try asymmetric.rendered(options)
    #expect(image.difference(from: expected) < 0.1)

    // In the other order, Z then Y then X, it is another picture.
    func turnedBackwards(_ p: SIMD3<Float>) -> SIMD3<Float> {
      let z = SIMD3(p.y, -p.x, p.z)
      let y = SIMD3(z.z, z.y, -z.x)
      return SIMD3(y.x, -y.z, y.y)
    }
    options = ThumbnailOptions(width: 96, height: 96, projection: projection)
    let backwards = try asymmetric.mapped(turnedBackwards).rendered(options)
    #expect(image.difference(from: backwards) > 5)
  }

  @Test func anglesThatAreNoMultipleOfARightAngleTurnTheSameWay() throws {
    // cos and sin of 30°, about Z alone.
    let (c, s): (Float, Float) = (0.866_025_4, 0.5)
    let expected = try asymmetric.mapped { SIMD3(c * $0.x - s * $0.y, s * $0.x + c * $0.y, $0.z) }
      .rendered(ThumbnailOptions(width: 96, height: 96))
    let image = try asymmetric.rendered(ThumbnailOptions(width: 96, height: 96, cameraAngleZ: 30))
    // The other box around the turned model changes depths and places in the last bits.
    #expect(image.difference(from: expected) < 0.6)
    let other = try asymmetric.rendered(ThumbnailOptions(width: 96, height: 96, cameraAngleZ: -30))
    #expect(image.difference(from: other) > 5)
  }

  @Test func theAxisThatPointsUpIsTheOneAskedFor() throws {
    let options = ThumbnailOptions(width: 96, height: 96)
    let expected = try asymmetric.rendered(options)
    var up = options
    up.up = .y
    // Its Z is this one's Y: turn back about X.
    #expect(try asymmetric.mapped { SIMD3($0.x, $0.z, -$0.y) }.rendered(up).difference(from: expected) < 0.1)
    up.up = .x
    #expect(try asymmetric.mapped { SIMD3($0.z, $0.y, -$0.x) }.rendered(up).difference(from: expected) < 0.1)
  }

  @Test(arguments: [
    (200, 100, 0.0, 0.0), (100, 200, 40, -75), (128, 128, -180, 180), (64, 64, 90, 0), (10, 300, 10, 10),
  ])
  func theWholeModelIsInThePictureAndFillsIt(width: Int, height: Int, x: Double, z: Double) throws {
    for mesh in [asymmetric, Primitive.torus(majorRadius: 20, minorRadius: 5)] {
      for projection in ThumbnailOptions.Projection.allCases {
        let image = try mesh.rendered(
          ThumbnailOptions(
            width: width, height: height, cameraAngleX: x, cameraAngleZ: z, projection: projection))
        let box = try #require(image.drawnBox)
        let left = Double(box.x.lowerBound) / Double(width)
        let right = 1 - Double(box.x.upperBound + 1) / Double(width)
        let top = Double(box.y.lowerBound) / Double(height)
        let bottom = 1 - Double(box.y.upperBound + 1) / Double(height)
        // A margin of 6 % on two sides, more on the others; a pixel more or less.
        let pixelX = 1.01 / Double(width)
        let pixelY = 1.01 / Double(height)
        let isWide = left < 0.06 + pixelX && right < 0.06 + pixelX
        let isHigh = top < 0.06 + pixelY && bottom < 0.06 + pixelY
        #expect(isWide || isHigh, "\(left) \(right) \(top) \(bottom)")
        #expect(min(left, right) > 0.06 - pixelX && min(top, bottom) > 0.06 - pixelY)
        #expect(abs(left - right) < 0.08 && abs(top - bottom) < 0.08)
      }
    }
  }

  @Test func turntableFramesKeepTheSizeAndCloseTheCircle() throws {
    let small = ThumbnailOptions(width: 90, height: 90)
    func frame(_ i: Int, of n: Int) throws -> Image {
      var options = small
      options.turntable = .init(frame: i, of: n)
      return try asymmetric.rendered(options)
    }
    let first = try frame(0, of: 4)
    // A quarter turn is a turn about Z by 90°, in the place that all frames have.
    let second = try frame(1, of: 4)
    #expect(second.difference(from: first) > 3)
    #expect(try frame(2, of: 8) == second)
    var turned = small
    turned.turntable = .init(frame: 0, of: 4)
    turned.cameraAngleZ = 90
    #expect(try asymmetric.rendered(turned).difference(from: second) < 0.1)
    for i in 0..<7 {
      let box = try #require(try frame(i, of: 7).drawnBox)
      #expect(box.x.lowerBound >= 4 && box.x.upperBound <= 85)
      #expect(box.y.lowerBound >= 4 && box.y.upperBound <= 85)
    }
  }

  // MARK: Colours

  @Test func theBackgroundIsTransparentOrExactlyTheColourAskedFor() throws {
    let sphere = Primitive.uvSphere(radius: 1)
    let clear = try sphere.rendered(ThumbnailOptions(width: 64, height: 64))
    #expect(clear.pixel(0, 0) == Color(red: 0, green: 0, blue: 0, alpha: 0))
    #expect(clear.pixel(32, 32).alpha == 255)
    for color in [
      Color(red: 255, green: 255, blue: 255), Color(red: 1, green: 2, blue: 3),
      Color(red: 250, green: 7, blue: 128, alpha: 100),
    ] {
      var options = ThumbnailOptions(width: 64, height: 64)
      options.background = color
      let image = try sphere.rendered(options)
      #expect(image.pixel(0, 0) == color)
      #expect(image.pixel(63, 63) == color)
      #expect(image.pixel(32, 32) == clear.pixel(32, 32))
    }
  }

  @Test func edgesAreSmoothAndTheirColourIsNotMixedWithWhatIsBehind() throws {
    let sphere = Primitive.uvSphere(radius: 1)
    for samples in [4, 8, 16] {
      let image = try sphere.rendered(ThumbnailOptions(width: 64, height: 64, samples: samples))
      var partial: Set<UInt8> = []
      for y in 0..<64 {
        for x in 0..<64 {
          let p = image.pixel(x, y)
          guard p.alpha > 0 && p.alpha < 255 else { continue }
          partial.insert(p.alpha)
          // Straight, not premultiplied: as bright as the sphere, not darkened by nothing behind it.
          #expect(Int(p.red) + Int(p.green) + Int(p.blue) > 150)
        }
      }
      #expect(partial.count >= samples / 2 && partial.count <= samples - 1)
    }
    let hard = try sphere.rendered(ThumbnailOptions(width: 64, height: 64, samples: 1))
    #expect(Set(stride(from: 3, to: hard.pixels.count, by: 4).map { hard.pixels[$0] }) == [0, 255])
  }

  @Test func facetsWithoutAColourHaveTheMaterials() throws {
    let plain = try Primitive.box().rendered(ThumbnailOptions(width: 64, height: 64))
    let uncolored = try Primitive.box().colored { _ in nil }.rendered(ThumbnailOptions(width: 64, height: 64))
    #expect(plain == uncolored)
    let painted = try Primitive.box().rendered(
      ThumbnailOptions(width: 64, height: 64, material: Color(red: 255, green: 0, blue: 0)))
    let p = painted.pixel(20, 40)
    #expect(p.red > 2 * p.green)
  }

  @Test func backFacesAreMarkedUnlessPlain() throws {
    let inside = Primitive.box()
    let flipped = try Mesh(positions: inside.positions, triangles: inside.triangles.map(\.flipped))
    let marked = try flipped.rendered(ThumbnailOptions(width: 64, height: 64))
    let p = marked.pixel(20, 40)
    #expect(Int(p.red) > Int(p.blue) + 40)
    let plain = try flipped.rendered(ThumbnailOptions(width: 64, height: 64, backFaces: .plain))
    #expect(try inside.rendered(ThumbnailOptions(width: 64, height: 64)).difference(from: plain) < 0.5)
  }

  @Test func outlinesOfClosedModelsHaveNoSpecksOfTheBacksColour() throws {
    for mesh in [
      Primitive.uvSphere(radius: 10), Primitive.torus(majorRadius: 20, minorRadius: 5),
      Primitive.cylinder(radius: 5, height: 20), Primitive.gear(),
    ] {
      let options = ThumbnailOptions(width: 100, height: 100, cameraAngleX: 13, cameraAngleZ: 29)
      let image = try mesh.rendered(options)
      var plain = options
      plain.backFaces = .plain
      #expect(try mesh.rendered(plain) == image)
    }
  }

  @Test func lightingTablesAreInverseAndMonotone() {
    for value in 0..<256 {
      #expect(SRGB.encoded[Int((SRGB.linear[value] * 4095).rounded())] == UInt8(value) || value < 12)
    }
    #expect(zip(SRGB.encoded, SRGB.encoded.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(SRGB.encoded.first == 0 && SRGB.encoded.last == 255)
    // Middle grey, and the end of the straight part.
    #expect(abs(SRGB.linear[188] - 0.502_9) < 1e-3)
    #expect(abs(SRGB.linear[10] - 10 / 255 / 12.92) < 1e-6)
  }

  // MARK: Hidden surfaces

  @Test func coplanarDuplicatesShowTheFirstAndDoNotFlicker() throws {
    // The same square four times: same corners, turned corners, seen from behind, and split the other way.
    let corners: [SIMD3<Float>] = [SIMD3(0, 0, 0), SIMD3(7, 0, 1), SIMD3(7, 5, 3), SIMD3(0, 5, 2)]
    let first = [Triangle(0, 1, 2), Triangle(0, 2, 3)]
    let again = [Triangle(1, 2, 0), Triangle(3, 0, 2)]
    let behind = first.map(\.flipped)
    let positions = corners + corners.map { $0 }
    let copies = [Triangle(4, 5, 6), Triangle(4, 6, 7)]
    let options = ThumbnailOptions(width: 80, height: 80)
    let alone = try Mesh(positions: positions, triangles: first).colored { _ in red }.rendered(options)
    for (name, others) in [("turned", again), ("behind", behind), ("copies", copies)] {
      let mesh = try Mesh(positions: positions, triangles: first + others + others)
        .colored { $0 < 2 ? red : green }
      #expect(try mesh.rendered(options) == alone, "\(name)")
    }
    // In a mesh of triangles far below a pixel as well.
    let fine = Primitive.uvSphere(radius: 1, segments: 160, rings: 80)
    let twice = try Mesh(positions: fine.positions, triangles: fine.triangles + fine.triangles)
      .colored { $0 < fine.triangles.count ? red : green }
    let small = ThumbnailOptions(width: 40, height: 40, creaseAngle: 0)
    let image = try twice.rendered(small)
    #expect(try fine.colored { _ in red }.rendered(small) == image)
  }

  // MARK: Shading

  @Test func cornersOfABoxStaySharpAndASphereIsRound() throws {
    func normals(_ mesh: Mesh, crease: Float) throws -> [(triangle: Int, corner: Int, SIMD3<Float>)] {
      let all = [(0..<UInt32(mesh.triangles.count)).map { $0 }]
      let normals = try CornerNormals(mesh, for: all, cosine: crease, RunContext())
      let cache = CornerNormals.Cache()
      var result: [(triangle: Int, corner: Int, SIMD3<Float>)] = []
      mesh.positions.withUnsafeBufferPointer { positions in
        mesh.triangles.withUnsafeBufferPointer { triangles in
          for (t, triangle) in mesh.triangles.enumerated() {
            let (a, b, c) = mesh.corners(t)
            let face = cross(b - a, c - a).normalized
            for k in 0..<3 {
              let normal = normals.normal(
                at: triangle[k], face: face, positions.baseAddress!, triangles.baseAddress!, cache)
              result.append((t, k, normal))
            }
          }
        }
      }
      return result
    }
    let thirty: Float = 0.866
    let box = Primitive.box()
    for (t, _, normal) in try normals(box, crease: thirty) {
      let (a, b, c) = box.corners(t)
      #expect(length(normal - cross(b - a, c - a).normalized) < 1e-6)
    }
    let sphere = Primitive.icosphere(radius: 3, subdivisions: 3)
    for (t, k, normal) in try normals(sphere, crease: thirty) {
      let p = sphere.positions[Int(sphere.triangles[t][k])]
      #expect(dot(normal, p.normalized) > 0.999)
    }
    // A cylinder: smooth round the side, with no trace of the caps, and however its sides are split.
    let cylinder = Primitive.cylinder(radius: 2, height: 9, segments: 24)
    for (t, k, normal) in try normals(cylinder, crease: thirty) {
      let (a, b, c) = cylinder.corners(t)
      let face = cross(b - a, c - a).normalized
      let p = cylinder.positions[Int(cylinder.triangles[t][k])]
      let expected = abs(face.z) > 0.5 ? face : SIMD3(p.x, p.y, 0).normalized
      #expect(dot(normal, expected) > 0.999, "triangle \(t) corner \(k)")
    }
    // Only some triangles asked for: the same normals for them.
    let some = try CornerNormals(sphere, for: [[7], [100]], cosine: thirty, RunContext())
    let every = try normals(sphere, crease: thirty)
    sphere.positions.withUnsafeBufferPointer { positions in
      sphere.triangles.withUnsafeBufferPointer { triangles in
        for t in [7, 100] {
          let (a, b, c) = sphere.corners(t)
          let normal = some.normal(
            at: sphere.triangles[t].b, face: cross(b - a, c - a).normalized, positions.baseAddress!,
            triangles.baseAddress!, CornerNormals.Cache())
          #expect(normal == every[3 * t + 1].2)
        }
      }
    }
  }

  @Test func theArccosineIsGoodToATenThousandth() {
    // Against known values.
    for (cosine, angle): (Float, Float) in [
      (1, 0), (0.866_025_4, 0.523_598_8), (0.5, 1.047_197_6), (0, 1.570_796_3), (-0.5, 2.094_395_1),
      (-1, 3.141_592_7),
    ] {
      #expect(abs(arccosine(cosine) - angle) < 1e-4)
    }
  }

  @Test func smoothShadingHidesFacetsAndACreaseAngleOfZeroShowsThem() throws {
    let ball = Primitive.uvSphere(radius: 1, segments: 24, rings: 12)
    /// The largest step between neighbouring pixels well inside the ball.
    func largestStep(_ crease: Double) throws -> Int {
      let image = try ball.rendered(ThumbnailOptions(width: 160, height: 160, creaseAngle: crease))
      var largest = 0
      for y in 55..<105 {
        for x in 55..<105 {
          largest = max(largest, abs(Int(image.pixel(x, y).green) - Int(image.pixel(x + 1, y).green)))
        }
      }
      return largest
    }
    #expect(try largestStep(30) <= 5)
    #expect(try largestStep(0) >= 8)
  }

  @Test func cornersAreDarkerThanTheOpenFloor() throws {
    let floor = Primitive.box(minimum: SIMD3(-10, -10, -1), maximum: SIMD3(10, 10, 0))
    let post = Primitive.box(minimum: SIMD3(-2, -2, 0), maximum: SIMD3(2, 2, 8))
    let mesh = try Mesh(
      positions: floor.positions + post.positions,
      triangles: floor.triangles + post.triangles.map { Triangle($0.a + 8, $0.b + 8, $0.c + 8) })
    let options = ThumbnailOptions(width: 240, height: 240)
    let image = try mesh.rendered(options)
    let camera = try Camera(mesh, options, RunContext())
    func green(_ p: SIMD3<Double>) -> Int {
      let v = SIMD4(p, 1)
      let clip = camera.clipFromModel.map { ($0 * v).sum() }
      let x = Int((clip[0] / clip[3] * 0.5 + 0.5) * 240)
      let y = Int((0.5 - clip[1] / clip[3] * 0.5) * 240)
      return Int(image.pixel(x, y).green)
    }
    let atThePost = green(SIMD3(0, -2.4, 0))
    let farAway = green(SIMD3(8, -8, 0))
    #expect(farAway - atThePost > 20, "\(atThePost) \(farAway)")
    #expect(farAway > 150)
  }

  @Test func theSizeOfAMillimetreDoesNotMatter() throws {
    let options = ThumbnailOptions(width: 64, height: 64)
    let expected = try asymmetric.rendered(options)
    for exponent in [-60, -20, 40, 110] {
      let scale = Float(sign: .plus, exponent: exponent, significand: 1)
      let image = try asymmetric.mapped { $0 * scale }.rendered(options)
      #expect(image.difference(from: expected) < 0.01, "2^\(exponent)")
    }
  }
}
