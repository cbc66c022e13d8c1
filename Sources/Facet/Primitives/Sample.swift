/// A named example part, and what is known about it without having analysed it.
public struct Sample: Sendable {
  /// The name, in kebab case: `sphere-in-sphere`.
  public let name: String
  /// One line for people: what it is, and what is wrong with it if anything.
  public let summary: String
  /// What the numbers of the sample's file mean.
  public let units: MeasurementUnits
  /// Its file ends after this many bytes, in the middle of a facet; nil for a whole file.
  public let cutAfterBytes: Int?
  private let makeFacts: @Sendable () -> Facts
  private let makePart: @Sendable () -> Mesh

  init(
    _ name: String, _ summary: String, units: MeasurementUnits = .mm, cutAfterBytes: Int? = nil,
    facts: @autoclosure @escaping @Sendable () -> Facts, make: @escaping @Sendable () -> Mesh
  ) {
    self.name = name
    self.summary = summary
    self.units = units
    self.cutAfterBytes = cutAfterBytes
    makeFacts = facts
    makePart = make
  }

  /// The part with the numbers of its file: in inches where ``units`` says so.
  public func make() -> Mesh { makePart() }

  /// What must be found in it. Lengths, areas and volumes are in millimetres.
  public var facts: Facts { makeFacts() }

  /// The bytes of its file, cut where ``cutAfterBytes`` says so.
  ///
  /// - Throws: What the run throws.
  public func encoded(
    _ format: MeshFormat = .stl, _ run: RunContext = RunContext()
  ) throws(MeshError) -> [UInt8] {
    let bytes = try make().encoded(ExportOptions(format: format), run)
    return cutAfterBytes.map { Array(bytes.prefix($0)) } ?? bytes
  }

  /// The sample of that name, or nil.
  public static func named(_ name: String) -> Sample? { all.first { $0.name == name } }

  /// What is known about a part; nil where a fact is not stated.
  public struct Facts: Sendable {
    public var vertices: Int
    public var triangles: Int
    public var shells = 1
    public var badEdges = 0
    public var badContours = 0
    public var contours = 0
    public var planarHoles = 0
    public var nearBadEdges = 0
    public var invertedNormals = 0
    public var noiseShells = 0
    public var overlappingTriangles = 0
    public var intersectingTriangles = 0
    /// Signed volume, mm³.
    public var volume: Double?
    /// Surface area, mm².
    public var area: Double?
    /// Width, depth and height, mm.
    public var dimensions: SIMD3<Double>
    /// The least wall, mm.
    public var leastWall: Double?

    init(
      vertices: Int, triangles: Int, volume: Double? = nil, area: Double? = nil,
      dimensions: SIMD3<Double>, _ more: (inout Facts) -> Void = { _ in }
    ) {
      self.vertices = vertices
      self.triangles = triangles
      self.volume = volume
      self.area = area
      self.dimensions = dimensions
      more(&self)
    }

    /// Whether nothing is wrong with the part.
    public var isSound: Bool {
      badEdges == 0 && invertedNormals == 0 && noiseShells == 0 && overlappingTriangles == 0
        && intersectingTriangles == 0
    }
  }
}
