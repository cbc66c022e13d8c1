import FacetContract

/// Takes the details of a mention one by one, in mm. What nobody took by the end was not understood, and is refused.
final class DetailReader {
  let mention: Mention
  let name: String
  private let unit: LengthUnit?
  fileprivate var values: [Details.Value]
  fileprivate(set) var figures: [Quantity]
  private var products: [[Quantity]]
  private(set) var thread: MetricThread?
  private var angle: Double?
  fileprivate(set) var flags: Set<Flag>
  fileprivate(set) var places: [Place]
  private(set) var distances: [Details.Distance]
  private(set) var coordinates: [Details.Coordinate]
  private var points: [[Quantity]]
  private(set) var count: Int?

  /// The largest extent that a part may have, in mm. Ours: 10 m, beyond any printer and most mills.
  static let largest = 10_000.0

  init(_ mention: Mention, unit: LengthUnit?) {
    self.mention = mention
    self.unit = unit
    name = mention.name
    let details = mention.details
    values = details.values
    figures = details.figures
    products = details.products
    thread = details.thread
    angle = details.angle
    flags = details.flags
    places = details.places
    distances = details.distances
    coordinates = details.coordinates
    points = details.points
    count = details.count
  }

  // MARK: lengths

  /// A length in mm, any sign.
  func signed(_ quantity: Quantity) throws(GenerationJobError) -> Double {
    guard let unit = quantity.unit ?? unit else {
      throw .ambiguous("the unit of \(Figure.text(quantity.value)) is missing; say mm, cm or inches")
    }
    let length = quantity.value * unit.millimetres
    guard length.isFinite, abs(length) <= DetailReader.largest else {
      throw .contradiction(
        "\(quantity.text) is more than the largest size, \(Figure.millimetres(DetailReader.largest))")
    }
    return length
  }

  /// A size in mm, above zero.
  func size(_ quantity: Quantity, _ what: String) throws(GenerationJobError) -> Double {
    let length = try signed(quantity)
    guard length >= 0.001 else {
      throw .contradiction("the \(name)'s \(what) is \(quantity.text); it must be above 0 mm")
    }
    return length
  }

  /// The value of any of these names; two of them, or one of them twice, have to agree.
  func take(_ attributes: Attribute..., as what: String? = nil) throws(GenerationJobError) -> Double? {
    var found: Double?
    for attribute in attributes {
      for value in values where value.attribute == attribute {
        let length = try size(value.quantity, attribute.rawValue)
        if let known = found, abs(known - length) > 1e-9 {
          throw .contradiction(
            "the \(name)'s \(what ?? attribute.rawValue) is given as \(Figure.millimetres(known)) and as "
              + Figure.millimetres(length))
        }
        found = length
      }
      values.removeAll { $0.attribute == attribute }
    }
    return found
  }

  func takeAll(_ attribute: Attribute) throws(GenerationJobError) -> [Double] {
    var lengths: [Double] = []
    for value in values where value.attribute == attribute {
      lengths.append(try size(value.quantity, attribute.rawValue))
    }
    values.removeAll { $0.attribute == attribute }
    return lengths
  }

  func takeSigned(_ attribute: Attribute) throws(GenerationJobError) -> Double? {
    guard let place = values.firstIndex(where: { $0.attribute == attribute }) else { return nil }
    return try signed(values.remove(at: place).quantity)
  }

  func has(_ attribute: Attribute) -> Bool { values.contains { $0.attribute == attribute } }

  /// The diameter, by its name, by a radius, or by the only figure.
  func takeDiameter(_ names: Attribute..., radii: Attribute..., orFigure: Bool = true)
    throws(GenerationJobError)
    -> Double?
  {
    var found: Double?
    func keep(_ diameter: Double?) throws(GenerationJobError) {
      guard let diameter else { return }
      if let known = found, abs(known - diameter) > 1e-9 {
        throw .contradiction(
          "the \(name)'s diameter is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(diameter))"
        )
      }
      found = diameter
    }
    for name in names { try keep(try take(name)) }
    for radius in radii { try keep(try take(radius).map { $0 * 2 }) }
    if found == nil, orFigure { found = try takeFigure("diameter") }
    return found
  }

  /// The only figure without a name; several are not understood.
  func takeFigure(_ what: String) throws(GenerationJobError) -> Double? {
    guard let figure = figures.first else { return nil }
    for other in figures.dropFirst() where other != figure {
      throw .ambiguous("of the \(name)'s \(figure.text) and \(other.text), which is the \(what)?")
    }
    figures = []
    return try size(figure, what)
  }

  func takeProduct() throws(GenerationJobError) -> [Double]? {
    guard let product = products.first else { return nil }
    guard products.dropFirst().allSatisfy({ $0 == product }) else {
      throw .contradiction(
        "the \(name) has two sets of dimensions, \(Self.text(products[0])) and \(Self.text(products[1]))")
    }
    products = []
    var lengths: [Double] = []
    for factor in product { lengths.append(try size(factor, "size")) }
    return lengths
  }

  private static func text(_ product: [Quantity]) -> String { product.map(\.text).joined(separator: " × ") }

  // MARK: the rest

  func takeInteger(_ attribute: Attribute) throws(GenerationJobError) -> Int? {
    guard let place = values.firstIndex(where: { $0.attribute == attribute }) else { return nil }
    let quantity = values.remove(at: place).quantity
    guard let count = quantity.count, count <= 100 else {
      throw .contradiction("\(quantity.text) is no number of \(attribute.rawValue) between 1 and 100")
    }
    return count
  }

  func takeThread() -> MetricThread? {
    defer { thread = nil }
    return thread
  }

  func takeAngle() -> Double? {
    defer { angle = nil }
    return angle
  }

  func takeCount() -> Int? {
    defer { count = nil }
    return count
  }

  func takeFlag(_ flag: Flag) -> Bool { flags.remove(flag) != nil }
  func ignore(_ ignored: Flag...) { flags.subtract(ignored) }

  func takePlaces(_ condition: (Place) -> Bool = { _ in true }) -> [Place] {
    let taken = places.filter(condition)
    places.removeAll(where: condition)
    return taken
  }

  func takeDistances() -> [Details.Distance] {
    defer { distances = [] }
    return distances
  }

  func takeCoordinates() -> [Details.Coordinate] {
    defer { coordinates = [] }
    return coordinates
  }

  func takePoints() -> [[Quantity]] {
    defer { points = [] }
    return points
  }

  /// - Throws: `promptTooAmbiguous` naming what was said and not used.
  func finish() throws(GenerationJobError) {
    func refuse(_ text: String) -> GenerationJobError {
      .ambiguous("“\(text)” is not understood for the \(name)")
    }
    if let value = values.first { throw refuse("\(value.quantity.text) \(value.attribute.rawValue)") }
    if let figure = figures.first { throw refuse(figure.text) }
    if let product = products.first { throw refuse(Self.text(product)) }
    if let thread { throw refuse(thread.text) }
    if let angle { throw refuse("\(Figure.text(angle))°") }
    if let place = places.first { throw refuse(place.text) }
    if let distance = distances.first {
      throw refuse("\(distance.quantity.text) from \(distance.place.text)")
    }
    if let coordinate = coordinates.first { throw refuse("\(coordinate.axis) = \(coordinate.quantity.text)") }
    if let point = points.first { throw refuse("(\(Self.text(point)))") }
    if let count, count != 1 { throw refuse("\(count)") }
    if let flag = flags.map(\.rawValue).sorted().first { throw refuse(flag) }
  }
}

extension DetailReader {
  /// The word of the prompt.
  var word: String { mention.word }

  func addOpening(_ more: [Place]) {
    places += more
    flags.insert(.open)
  }
}

extension DetailReader {
  func clearFigures() { figures = [] }

  /// What was said of a part of it is said of all of it.
  func setDefault(_ attribute: Attribute, _ millimetres: Double) {
    values.append(.init(attribute: attribute, quantity: Quantity(value: millimetres, unit: .millimetre)))
  }
}
