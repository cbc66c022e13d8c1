import Facet

extension Image {
  /// Two pictures side by side, seen from the same place: the triangles of a mesh, and those of what became of
  /// it. Where most triangles are too small for that, a part of each follows below, magnified 2, 4 or 8 times;
  /// a frame shows where it is.
  ///
  /// - Parameter options: Of each of the pictures; the whole is twice as wide and 8 pixels, and as high or twice
  ///   as high and 8 pixels. Without a colour for edges they are dark; facets are flat.
  /// - Throws: What ``Facet/Mesh/rendered(_:_:)`` throws.
  public static func wireframes(
    of before: Mesh, and after: Mesh, _ options: ThumbnailOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> Image {
    var options = options
    options.creaseAngle = 0
    if options.edges == nil { options.edges = Color(red: 25, green: 35, blue: 55) }
    // With all vertices in both meshes the camera stands at one place for both.
    let offset = UInt32(before.positions.count)
    let positions = before.positions + after.positions
    let left = Mesh(unchecked: positions, triangles: before.triangles, colors: before.colors)
    let right = Mesh(
      unchecked: positions,
      triangles: after.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) },
      colors: after.colors)
    var leftWhole = try left.rendered(options, run.slice(0...0.2))
    var rightWhole = try right.rendered(options, run.slice(0.2...0.4))

    let background = Image.pixel(options.background)
    let magnification = rightWhole.magnification(
      triangles: after.triangles.count, background, limit: ThumbnailOptions.allowedSize.upperBound)
    guard magnification > 1 else {
      run.report(1)
      return leftWhole.beside(rightWhole, gap: 8, options.background)
    }
    let window = leftWhole.detail(beside: rightWhole, magnification: magnification, background)
    var large = options
    large.width *= magnification
    large.height *= magnification
    let leftDetail = try left.rendered(large, run.slice(0.4...0.7)).cropped(window.scaled(magnification))
    let rightDetail = try right.rendered(large, run.slice(0.7...1)).cropped(window.scaled(magnification))
    leftWhole.frame(window)
    rightWhole.frame(window)
    return leftWhole.beside(rightWhole, gap: 8, options.background)
      .above(leftDetail.beside(rightDetail, gap: 8, options.background), gap: 8, options.background)
  }

  /// How large a magnification shows a mesh's triangles: one of about 5 by 5 pixels can be seen.
  private func magnification(triangles: Int, _ background: Color, limit: Int) -> Int {
    let covered = (0..<width * height).count { pixel($0) != background }
    // About half of the triangles face the camera.
    let area = 2 * Double(covered) / Double(max(triangles, 1))
    return [1, 2, 4].first { area * Double($0 * $0) >= 25 || max(width, height) * 2 * $0 > limit } ?? 8
  }

  /// The part of two pictures, by one magnification, that holds the most of both models; of several the one
  /// nearest to the middle.
  private func detail(beside other: Image, magnification: Int, _ background: Color) -> Window {
    let (w, h) = (width / magnification, height / magnification)
    var best: (window: Window, filled: Int, distance: Int)?
    for y in stride(from: 0, through: height - h, by: max(h / 4, 1)) {
      for x in stride(from: 0, through: width - w, by: max(w / 4, 1)) {
        let window = Window(x: x, y: y, width: w, height: h)
        // Every third row and column tells enough.
        var filled = 0
        for row in stride(from: y, to: y + h, by: 3) {
          for column in stride(from: x, to: x + w, by: 3) {
            let i = row * width + column
            if pixel(i) != background && other.pixel(i) != background { filled += 1 }
          }
        }
        let dx = 2 * x + w - width
        let dy = 2 * y + h - height
        let distance = dx * dx + dy * dy
        if let best, (best.filled, -best.distance) >= (filled, -distance) { continue }
        best = (window, filled, distance)
      }
    }
    return best?.window ?? Window(x: 0, y: 0, width: w, height: h)
  }

  private func cropped(_ window: Window) -> Image {
    var part: [UInt8] = []
    part.reserveCapacity(4 * window.width * window.height)
    for row in window.y..<window.y + window.height {
      let start = 4 * (row * width + window.x)
      part += pixels[start..<start + 4 * window.width]
    }
    return Image(width: window.width, height: window.height, pixels: part)
  }

  /// Draws a line around a part.
  private mutating func frame(_ window: Window) {
    var pixels = pixels
    func paint(_ x: Int, _ y: Int) {
      let i = 4 * (y * width + x)
      (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (200, 60, 40, 255)
    }
    for x in window.x..<window.x + window.width {
      paint(x, window.y)
      paint(x, window.y + window.height - 1)
    }
    for y in window.y..<window.y + window.height {
      paint(window.x, y)
      paint(window.x + window.width - 1, y)
    }
    self = Image(width: width, height: height, pixels: pixels)
  }

  /// This picture and one as wide or less below it, with a gap of a colour between them.
  private func above(_ other: Image, gap: Int, _ color: Color?) -> Image {
    let color = Image.pixel(color)
    let pixel = [color.red, color.green, color.blue, color.alpha]
    var joined = pixels
    joined += repeatElement(pixel, count: gap * width).joined()
    for row in 0..<other.height {
      joined += other.pixels[4 * other.width * row..<4 * other.width * (row + 1)]
      joined += repeatElement(pixel, count: width - other.width).joined()
    }
    return Image(width: width, height: height + gap + other.height, pixels: joined)
  }

  private func pixel(_ index: Int) -> Color {
    Color(
      red: pixels[4 * index], green: pixels[4 * index + 1], blue: pixels[4 * index + 2],
      alpha: pixels[4 * index + 3])
  }

  /// What a background's pixels are; nothing is transparent black.
  private static func pixel(_ background: Color?) -> Color {
    guard let background, background.alpha > 0 else { return Color(red: 0, green: 0, blue: 0, alpha: 0) }
    return background
  }

  /// A part of a picture, in pixels from its upper left corner.
  private struct Window {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    func scaled(_ factor: Int) -> Window {
      Window(x: x * factor, y: y * factor, width: width * factor, height: height * factor)
    }
  }
}
