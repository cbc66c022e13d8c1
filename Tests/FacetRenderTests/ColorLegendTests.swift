import Facet
import Testing

@testable import FacetRender

@Suite struct ColorLegendTests {
  private let white = Color(red: 255, green: 255, blue: 255)
  private let black = Color(red: 0, green: 0, blue: 0)

  private func legend(_ labels: [ColorLegend.Label]) -> ColorLegend {
    ColorLegend(range: 0...2, labels: labels) { value in
      value < 1 ? Color(red: 200, green: 0, blue: 0) : Color(red: 0, green: 0, blue: 200)
    }
  }

  private func pixel(_ image: Image, _ x: Int, _ y: Int) -> Color {
    let i = 4 * (y * image.width + x)
    let p = image.pixels
    return Color(red: p[i], green: p[i + 1], blue: p[i + 2], alpha: p[i + 3])
  }

  @Test func theBarHasTheColourOfEachValueTheLargestOnTop() {
    let image = legend([]).image(height: 160, white)
    let bar = (0..<image.width).filter { pixel(image, $0, 80) != white }
    #expect(bar.count >= 5)
    for y in 0..<160 {
      let expected =
        y < 20 || y >= 140 ? white : Color(red: y < 80 ? 0 : 200, green: 0, blue: y < 80 ? 200 : 0)
      #expect(pixel(image, bar[2], y) == expected, "row \(y)")
    }
  }

  @Test func labelsStandBesideTheirValues() {
    let plain = legend([]).image(height: 160, white)
    let image = legend([.init(0.5, "0.5 mm"), .init(2, "> 2")]).image(height: 160, white)
    let text = plain.width..<image.width
    let rows = (0..<160).filter { y in text.contains { pixel(image, $0, y) != white } }
    // 20 is the bar's top, and half a millimetre a quarter of the bar from its end at 140.
    #expect(rows.allSatisfy { abs($0 - 20) < 7 || abs($0 - 110) < 7 })
    #expect(rows.contains { abs($0 - 20) < 3 } && rows.contains { abs($0 - 110) < 3 })
  }

  @Test func aMarkedValueHasALineAcrossTheBar() {
    let image = legend([.init(1.5, "", isMarked: true)]).image(height: 160, white)
    let x = (0..<image.width).first { pixel(image, $0, 60) != white }! + 2
    #expect(pixel(image, x, 50) != pixel(image, x, 45))
    #expect(pixel(image, x, 45) == pixel(image, x, 55))
  }

  @Test func withoutABackgroundItIsTransparentAroundTheBar() {
    let image = legend([.init(1, "1")]).image(height: 160, nil)
    #expect(pixel(image, 0, 0).alpha == 0)
    #expect(pixel(image, image.width - 1, 10).alpha == 0)
  }

  @Test func everyCharacterIsDrawnInItsBoxAndUnlikeTheOthers() {
    let letters = Lettering(height: 12)
    let characters = Array("0123456789.m<>")
    let pictures = characters.map { character in
      (0..<16).map { y in
        (0..<18).map { x in
          letters.coverage(of: String(character), x: Double(x) - 2.5, y: Double(y) - 1.5)
        }
      }
    }
    for (i, picture) in pictures.enumerated() {
      #expect(picture.joined().reduce(0, +) > 1, "\(characters[i])")
      let width = letters.width(of: String(characters[i]))
      #expect(
        picture.allSatisfy { row in row.indices.allSatisfy { row[$0] == 0 || Double($0) - 2.5 < width + 2 } })
      for j in 0..<i {
        #expect(
          zip(picture.joined(), pictures[j].joined()).contains { abs($0 - $1) > 0.5 },
          "\(characters[i]) and \(characters[j])")
      }
    }
  }

  @Test func bothSidesAndTheScaleAreInThePicture() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    // One side in colour, one that the usual view does not show.
    let isChosen = box.triangles.indices.map { i -> Bool in
      let (a, b, c) = box.corners(i)
      return a.y == 10 && b.y == 10 && c.y == 10
    }
    let red = FacetColors.attribute(for: Color(red: 220, green: 30, blue: 20), .visCAM)
    let colored = Mesh(
      unchecked: box.positions, triangles: box.triangles,
      colors: FacetColors(convention: .visCAM, attributes: isChosen.map { $0 ? red : 0 }))
    let options = ThumbnailOptions(width: 80, height: 80, background: white)
    let image = try Image.colored(colored, legend([.init(1, "1 mm")]), showing: isChosen, options)
    #expect(image.height == 80 && image.width > 176)
    func reds(_ columns: Range<Int>) -> Int {
      columns.reduce(0) { sum, x in
        sum
          + (0..<80).count { y in
            let p = pixel(image, x, y)
            return p.red > 120 && p.green < 90
          }
      }
    }
    #expect(reds(0..<80) > 300)
    #expect(reds(88..<168) == 0)
  }
}
