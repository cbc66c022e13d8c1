import Facet
import Testing

@testable import FacetRender

@Suite struct WireframeTests {
  private let white = Color(red: 255, green: 255, blue: 255)

  private func options(_ size: Int, edges: Color? = Color(red: 0, green: 0, blue: 0)) -> ThumbnailOptions {
    ThumbnailOptions(width: size, height: size, background: white, creaseAngle: 0, edges: edges)
  }

  private func brightness(_ image: Image, _ x: Int, _ y: Int) -> Int {
    let i = 4 * (y * image.width + x)
    return Int(image.pixels[i]) + Int(image.pixels[i + 1]) + Int(image.pixels[i + 2])
  }

  /// A square of a triangle pair, seen from above.
  private let square = try! Mesh(
    positions: [SIMD3(0, 0, 0), SIMD3(10, 0, 0), SIMD3(10, 10, 0), SIMD3(0, 10, 0)],
    triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3)])

  @Test func linesAreWhereEdgesAreAndNowhereElse() throws {
    let plain = try square.rendered(options(201, edges: nil))
    let lined = try square.rendered(options(201))
    var darkened = 0
    var drawn = 0
    var inside = 0
    for y in 0..<201 {
      for x in 0..<201 where brightness(plain, x, y) < 765 {
        drawn += 1
        let difference = brightness(plain, x, y) - brightness(lined, x, y)
        #expect(difference >= 0)
        if difference > 60 { darkened += 1 }
        if difference > 200,
          [(-9, 0), (9, 0), (0, -9), (0, 9)].allSatisfy({ dx, dy in
            (0..<201).contains(x + dx) && (0..<201).contains(y + dy)
              && brightness(plain, x + dx, y + dy) < 765
          })
        {
          inside += 1
        }
      }
    }
    // Five lines of two pixels or so, of the side of the square and its diagonal.
    let side = Double(drawn).squareRoot()
    #expect(Double(darkened) > 3 * side && Double(darkened) < 20 * side)
    // Of what is well inside, the diagonal.
    #expect(inside > 30 && inside < 1000)
    // The outline of the picture is the same.
    for y in 0..<201 {
      for x in 0..<201 { #expect((brightness(plain, x, y) == 765) == (brightness(lined, x, y) == 765)) }
    }
  }

  @Test func whereTrianglesAreSmallerThanPixelsTheToneIsEvenAndNotBlack() throws {
    let sphere = Primitive.uvSphere(radius: 10, segments: 400, rings: 200)
    let plain = try sphere.rendered(options(64, edges: nil))
    let lined = try sphere.rendered(options(64))
    var (before, after) = (0, 0)
    for y in 20..<44 {
      for x in 20..<44 {
        before += brightness(plain, x, y)
        after += brightness(lined, x, y)
        #expect(brightness(lined, x, y) > brightness(plain, x, y) / 2)
      }
    }
    #expect(after < before * 19 / 20)
  }

  @Test func theSameBytesOnAnyNumberOfThreads() throws {
    let torus = Primitive.uvSphere(radius: 10, segments: 64, rings: 32)
    let one = try torus.rendered(options(100), RunContext(threads: 1))
    #expect(try torus.rendered(options(100), RunContext(threads: 3)).pixels == one.pixels)
  }

  @Test func trianglesThatCanBeSeenAreShownOnce() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let image = try Image.wireframes(of: box, and: box, options(60))
    #expect(image.width == 128 && image.height == 60)
    for row in 0..<60 {
      let start = 4 * row * 128
      #expect(image.pixels[start..<start + 240] == image.pixels[start + 272..<start + 512])
      #expect(image.pixels[start + 240..<start + 272].allSatisfy { $0 == 255 })
    }
    // Each side has the other's vertices too, so that the camera stands at one place for both.
    let small = Primitive.box(minimum: SIMD3(4, 4, 4), maximum: SIMD3(5, 5, 5))
    let pair = try Image.wireframes(of: box, and: small, options(60))
    #expect(pair.pixels[0..<240] == image.pixels[0..<240])
    #expect((0..<60).count { brightness(pair, 68 + $0, 4) < 765 } == 0)
  }

  @Test func trianglesTooSmallToBeSeenAreMagnifiedBelow() throws {
    let fine = Primitive.uvSphere(radius: 10, segments: 128, rings: 64)
    let coarse = Primitive.uvSphere(radius: 10, segments: 64, rings: 32)
    let image = try Image.wireframes(of: fine, and: coarse, options(96))
    #expect(image.width == 200 && image.height == 200)
    // The frame in the pictures above, the sphere from edge to edge in those below.
    let red = { (x: Int, y: Int) -> Bool in
      let i = 4 * (y * 200 + x)
      return image.pixels[i..<i + 3].elementsEqual([200, 60, 40])
    }
    let framed = (0..<96).flatMap { y in (0..<96).map { x in red(x, y) } }.count { $0 }
    let alsoFramed = (0..<96).flatMap { y in (0..<96).map { x in red(x + 104, y) } }.count { $0 }
    #expect(framed >= 4 * (96 / 8 - 1) && framed == alsoFramed)
    for y in 104..<200 {
      for x in 0..<96 {
        #expect(brightness(image, x, y) < 765 && brightness(image, x + 104, y) < 765)
        #expect(!red(x, y))
      }
    }
    // The gaps have the background's colour.
    #expect((0..<200).allSatisfy { brightness(image, $0, 100) == 765 && brightness(image, 100, $0) == 765 })
  }
}
