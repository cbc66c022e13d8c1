import Facet
import Testing

@testable import FacetRender

@Suite struct ComparisonTests {
  private let box = Primitive.box(maximum: SIMD3(10, 10, 10))
  private let options = ThumbnailOptions(
    width: 60, height: 60, background: Color(red: 255, green: 255, blue: 255))

  private func pixels(_ image: Image, columns: Range<Int>, where isWanted: (Int, Int, Int) -> Bool) -> Int {
    var count = 0
    for row in 0..<image.height {
      for column in columns {
        let i = 4 * (row * image.width + column)
        if isWanted(Int(image.pixels[i]), Int(image.pixels[i + 1]), Int(image.pixels[i + 2])) { count += 1 }
      }
    }
    return count
  }

  private func red(_ r: Int, _ g: Int, _ b: Int) -> Bool { r > g + 60 && r > b + 60 }
  private func green(_ r: Int, _ g: Int, _ b: Int) -> Bool { g > r + 40 && g > b + 40 }

  @Test func theSameMeshTwiceIsTheSamePictureTwice() throws {
    let image = try Image.comparison(of: box, with: box, options)
    #expect(image.width == 128 && image.height == 60)
    for row in 0..<60 {
      let start = 4 * row * 128
      #expect(image.pixels[start..<start + 240] == image.pixels[start + 272..<start + 512])
      // The gap has the background's colour.
      #expect(image.pixels[start + 240..<start + 272].allSatisfy { $0 == 255 })
    }
    #expect(pixels(image, columns: 0..<128, where: red) == 0)
    #expect(
      try Mesh(unchecked: box.positions, triangles: box.triangles).rendered(options).pixels[0..<240]
        == image.pixels[0..<240])
  }

  @Test(arguments: 0..<6)
  func whatChangedFacesTheCameraInItsColour(side: Int) throws {
    // One side of the box is bent outward, whichever it is.
    let axis = side / 2
    let far = side % 2 == 1
    var tip = SIMD3<Float>(5, 5, 5)
    tip[axis] = far ? 12 : -2
    let isOnSide = { (t: Triangle) in
      [t.a, t.b, t.c].allSatisfy { self.box.positions[Int($0)][axis] == (far ? 10 : 0) }
    }
    let tipVertex = UInt32(box.positions.count)
    let bent = Mesh(
      unchecked: box.positions + [tip],
      triangles: box.triangles.flatMap { t in
        isOnSide(t)
          ? [Triangle(t.a, t.b, tipVertex), Triangle(t.b, t.c, tipVertex), Triangle(t.c, t.a, tipVertex)]
          : [t]
      })
    let image = try Image.comparison(of: box, with: bent, options)
    #expect(pixels(image, columns: 0..<60, where: red) > 200)
    #expect(pixels(image, columns: 68..<128, where: green) > 200)
    #expect(pixels(image, columns: 0..<60, where: green) == 0)
    #expect(pixels(image, columns: 68..<128, where: red) == 0)
  }

  @Test func anglesThatAreGivenAreKept() throws {
    var turned = options
    turned.cameraAngleX = 10
    let image = try Image.comparison(of: box, with: box.keeping { $0 > 1 }, turned)
    let alone = try box.keeping { _ in true }.rendered(turned)
    // The silhouette is the same.
    for row in 0..<60 {
      for column in 0..<60 {
        let (i, j) = (4 * (row * 128 + column), 4 * (row * 60 + column))
        let white = { (p: [UInt8], k: Int) in p[k] == 255 && p[k + 1] == 255 && p[k + 2] == 255 }
        #expect(white(image.pixels, i) == white(alone.pixels, j))
      }
    }
  }

  @Test(arguments: [0.0, 180], [0.0, 90, 180, -90])
  func theOppositeViewShowsTheOtherThreeSides(x: Double, z: Double) throws {
    var options = options
    (options.cameraAngleX, options.cameraAngleZ) = (x, z)
    let opposite = options.opposite
    try opposite.validate()
    let here = try Camera(box, options, RunContext()).towards
    let there = try Camera(box, opposite, RunContext()).towards
    for axis in 0..<3 { #expect(here[axis] * there[axis] < -0.1) }
  }
}
