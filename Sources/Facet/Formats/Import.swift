/// What the numbers in a file mean.
public enum MeasurementUnits: String, Sendable, CaseIterable {
  case mm
  case inch

  /// Millimetres in one unit; an inch is exactly 25.4 mm.
  public var millimetres: Double {
    switch self {
    case .mm: 1
    case .inch: 25.4
    }
  }
}

/// How a file is to be read.
public struct ImportOptions: Sendable {
  /// The format, or nil to tell it from the bytes.
  public var format: MeshFormat?
  /// What the file's numbers mean. Meshes are always in millimetres.
  public var units: MeasurementUnits
  /// Keep what is whole of a damaged file, and report what was dropped, instead of refusing it.
  public var salvage: Bool
  /// Corners at most this far apart (mm) become one vertex. 0 welds equal coordinates only (−0 equals +0).
  public var weldTolerance: Float
  /// More triangles than this are refused before they are read.
  public var maximumTriangles: Int

  public init(
    format: MeshFormat? = nil, units: MeasurementUnits = .mm, salvage: Bool = false,
    weldTolerance: Float = 0, maximumTriangles: Int = Mesh.maximumTriangleCount
  ) {
    self.format = format
    self.units = units
    self.salvage = salvage
    self.weldTolerance = weldTolerance
    self.maximumTriangles = maximumTriangles
  }
}

/// A mesh as it was read, and what the reader saw.
public struct ImportedMesh: Sendable {
  public var mesh: Mesh
  public var report: ImportReport
}

/// What a reader saw in a file.
public struct ImportReport: Sendable, Equatable {
  public var format: MeshFormat
  public var encoding: Encoding
  /// The number of facets that the file says it has, where it says so.
  public var declaredFacets: Int?
  /// Facets that became triangles of the mesh.
  public var readFacets: Int
  /// Facets that salvage left out, a row a reason.
  public var dropped: [Dropped] = []
  /// What was odd but harmless, in the order met; for people.
  public var warnings: [String] = []
  /// The names of the solids in a text STL.
  public var solidNames: [String] = []
  /// The 80 bytes before the count in a binary STL.
  public var header: [UInt8] = []

  public init(format: MeshFormat, encoding: Encoding, declaredFacets: Int? = nil, readFacets: Int) {
    self.format = format
    self.encoding = encoding
    self.declaredFacets = declaredFacets
    self.readFacets = readFacets
  }

  public enum Encoding: String, Sendable {
    case binary
    case text
  }

  /// Facets left out by salvage: how many, why, and where the first one stood.
  public struct Dropped: Sendable, Equatable {
    public var count: Int
    public var reason: String
    public var first: MeshError.Location

    public init(count: Int, reason: String, first: MeshError.Location) {
      self.count = count
      self.reason = reason
      self.first = first
    }
  }

  /// The number of facets that salvage left out.
  public var droppedFacets: Int { dropped.reduce(0) { $0 + $1.count } }
}
