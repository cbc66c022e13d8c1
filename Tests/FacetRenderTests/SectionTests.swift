import Facet
import Testing

@testable import FacetRender

@Suite struct SectionTests {
  private let options = ThumbnailOptions(
    width: 120, height: 120, background: Color(red: 255, green: 255, blue: 255))

  private func share(_ image: Image, of color: Color) -> Double {
    var found = 0
    for i in 0..<image.width * image.height
    where image.pixels[4 * i] == color.red && image.pixels[4 * i + 1] == color.green
      && image.pixels[4 * i + 2] == color.blue
    {
      found += 1
    }
    return Double(found) / Double(image.width * image.height)
  }

  @Test func theMaterialInTheCutHasOneColour() throws {
    let ball = Primitive.icosphere(radius: 10, subdivisions: 4)
    let solid = try share(Image.section(of: ball, options), of: TileShader.fillColor)
    // A disc through the middle, seen at the angle of the camera.
    #expect(solid > 0.25)
    let hollow = Primitive.sphereInSphere(outerRadius: 10, innerRadius: 5, subdivisions: 4)
    let ring = try share(Image.section(of: hollow, options), of: TileShader.fillColor)
    // A ring from half the radius out has three quarters of the disc.
    #expect(abs(ring / solid - 0.75) < 0.03)
    #expect(try share(ball.rendered(options), of: TileShader.fillColor) == 0)
  }

  @Test func whatIsBehindKeepsItsShapeAndItsColours() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let attributes = box.triangles.indices.map { UInt16($0) }
    let colored = Mesh(
      unchecked: box.positions, triangles: box.triangles,
      colors: FacetColors(convention: .visCAM, attributes: attributes))
    let half = try colored.behind(y: 4, RunContext())
    var area = 0.0
    for i in half.triangles.indices {
      let (a, b, c) = half.corners(i)
      #expect(min(a.y, b.y, c.y) >= 4)
      let normal = cross(b - a, c - a)
      area += Double(dot(normal, normal).squareRoot()) / 2
      let (p, q, r) = box.corners(Int(half.colors!.attributes[i]))
      // In the plane of the triangle that it is a part of, and turned as it.
      let plane = cross(q - p, r - p)
      #expect(abs(dot(plane, a - p)) < 1e-3 && dot(plane, normal) > 0)
    }
    // The far side, and four sides of 10 by 6.
    #expect(abs(area - (100 + 4 * 60)) < 1e-3)
    #expect(try box.behind(y: 11, RunContext()).triangles.isEmpty)
    #expect(try box.behind(y: -1, RunContext()) == box)
  }
}
