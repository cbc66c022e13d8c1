import FacetContract

/// A thing that the prompt speaks of, and all that it says about it.
struct Mention: Sendable, Hashable {
  enum Subject: Sendable, Hashable {
    case body(BodyKind)
    case feature(FeatureKind)
  }

  var subject: Subject
  /// The word the prompt used for it.
  var word: String
  var isPlural: Bool
  var details: Details
  /// The mention it belongs to: a counterbore's hole, a boss's hole, any feature's body.
  var parent: Int?

  var body: BodyKind? { if case .body(let kind) = subject { kind } else { nil } }
  var feature: FeatureKind? { if case .feature(let kind) = subject { kind } else { nil } }
  var name: String {
    switch subject {
    case .body(let kind): kind == .box || kind == .tube || kind == .cylinder ? word : kind.name
    case .feature(let kind): kind == .hole && word.hasSuffix("bore") ? word : kind.name
    }
  }

  /// Whether the attribute may be said of it.
  func accepts(_ attribute: Attribute) -> Bool {
    switch subject {
    case .body(let kind): kind.attributes.contains(attribute)
    case .feature(let kind): kind.attributes.contains(attribute)
    }
  }
}

/// What is said about a thing.
struct Details: Sendable, Hashable {
  struct Value: Sendable, Hashable {
    var attribute: Attribute
    var quantity: Quantity
  }
  /// "20 mm from each end"
  struct Distance: Sendable, Hashable {
    var quantity: Quantity
    var place: Place
  }
  struct Coordinate: Sendable, Hashable {
    var axis: Axis
    var quantity: Quantity
  }

  var count: Int?
  var values: [Value] = []
  /// Figures without a name.
  var figures: [Quantity] = []
  var products: [[Quantity]] = []
  var thread: MetricThread?
  var angle: Double?
  var flags: Set<Flag> = []
  var places: [Place] = []
  var distances: [Distance] = []
  var coordinates: [Coordinate] = []
  var points: [[Quantity]] = []

  /// Whether any dimension is said.
  var isSized: Bool { !values.isEmpty || !figures.isEmpty || !products.isEmpty || thread != nil }

  var isEmpty: Bool { self == Details() }

  mutating func add(_ other: Details) throws(GenerationJobError) {
    if let count = other.count {
      if let known = self.count, known != count {
        throw .contradiction("\(known) and \(count) are both given as the number of the same thing")
      }
      self.count = count
    }
    values += other.values
    figures += other.figures
    products += other.products
    if let thread = other.thread {
      if let known = self.thread, known != thread {
        throw .contradiction("\(known.text) and \(thread.text) are both given for the same thing")
      }
      self.thread = thread
    }
    if let angle = other.angle {
      if let known = self.angle, known != angle {
        throw .contradiction(
          "\(Figure.text(known))° and \(Figure.text(angle))° are both given for the same thing")
      }
      self.angle = angle
    }
    flags.formUnion(other.flags)
    places += other.places
    distances += other.distances
    coordinates += other.coordinates
    points += other.points
  }
}
