import Facet
import FacetRender

/// Makes the part hollow.
public struct HollowingOperation: MeshOperation {
  public static let name = OperationName.hollowing
  public static let summary = "Make the part hollow, with walls nowhere thinner than asked for"
  public static let discussion = """
    The outside stays exactly as it was, triangle for triangle; inside, a second surface is made at the distance \
    of the wall. The result says how thick the wall is at least: a proven bound, not a sample. Where the part is \
    too thin there is no cavity; a part that is too thin everywhere comes back as it was, and the result says so.

    Resin or powder stays in a cavity without a hole: the result counts such cavities. Drain holes go straight \
    down from the lowest places of each cavity, or into the surface where it is nearest to given points; plugs \
    for them are a second file.

    An infill holds the walls from within: gyroid walls, between which two labyrinths each have one way through, or \
    round struts along the edges of cubes that stand on a corner. Either leaves the resin and the powder a way out.

    The model must be closed and face outward; repair makes it so.
    """
  public static let output = OperationOutput.mesh

  static let wallThicknessMm = Parameter<Double>(
    "wallThicknessMm", unit: "mm", .required, help: "How thick the walls are at least")
  static let voxelMm = Parameter<Double>(
    "voxelMm", unit: "mm", .optional,
    help: "How finely the inside is made; left out, a quarter of the wall, or coarser where the part is large"
  )
  static let drainHoles = Parameter<Int>(
    "drainHoles", .defaulted(0), help: "How many drain holes each cavity gets at its lowest places")
  static let drainHolesAt = Parameter<PointList>(
    "drainHolesAt", unit: "mm", .optional, help: "Drain holes where the surface is nearest to these points")
  static let drainDiameterMm = Parameter<Double>(
    "drainDiameterMm", unit: "mm", .defaulted(3), help: "How wide drain holes are")
  static let plugs = Parameter<Bool>(
    "plugs", .defaulted(false), help: "Make plugs that close the drain holes again, as a second file")
  static let infill = Parameter<InfillWord>(
    "infill", .defaulted(.none), help: "The lattice that fills the inside")
  static let infillCellMm = Parameter<Double>(
    "infillCellMm", unit: "mm", .defaulted(8), help: "After what length the lattice repeats")
  static let infillWallMm = Parameter<Double>(
    "infillWallMm", unit: "mm", .defaulted(0.8), help: "How thick the lattice's walls or struts are")
  static let smallestCavityMm3 = Parameter<Double>(
    "smallestCavityMm3", unit: "mm³", .optional, help: "Cavities smaller than this stay solid")
  public static let parameters = [
    wallThicknessMm.description, voxelMm.description, drainHoles.description, drainHolesAt.description,
    drainDiameterMm.description, plugs.description, infill.description, infillCellMm.description,
    infillWallMm.description, smallestCavityMm3.description,
  ]

  public var options: HollowingOptions
  /// Places and widths (mm) of drain holes straight into the surface where it is nearest; instead of those of the
  /// options when there are any.
  public var drainPlaces: [(place: SIMD3<Float>, diameter: Float)] = []

  public init(_ arguments: Arguments) {
    let diameter = Float(arguments[Self.drainDiameterMm])
    let count = arguments[Self.drainHoles]
    let drains: HollowingOptions.Drains = count > 0 ? .automatic(count: count, diameter: diameter) : .none
    let (cell, wall) = (Float(arguments[Self.infillCellMm]), Float(arguments[Self.infillWallMm]))
    let infill: HollowingOptions.Infill =
      switch arguments[Self.infill] {
      case .none: .none
      case .gyroid: .gyroid(cell: cell, wall: wall)
      case .cubic: .cubic(cell: cell, wall: wall)
      }
    self.init(
      HollowingOptions(
        wall: Float(arguments[Self.wallThicknessMm]),
        voxel: arguments[optional: Self.voxelMm].map { Float($0) }, drains: drains,
        makesPlugs: arguments[Self.plugs], infill: infill,
        smallestCavity: arguments[optional: Self.smallestCavityMm3] ?? 0))
    if let places = arguments[optional: Self.drainHolesAt] {
      drainPlaces = places.points.map { ($0, diameter) }
    }
  }

  public init(_ options: HollowingOptions) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    var options = options
    if !drainPlaces.isEmpty {
      options.drains = .placed(try input.mesh.drainHoles(at: drainPlaces, run.slice(0...0.1)))
    }
    let hollow = try input.mesh.hollowed(options, run.slice(0.1...1))
    let isHollow = hollow.outcome == .hollowed
    var result = OperationResult(
      mesh: hollow.mesh,
      fields: [
        .init("outcome", .string(hollow.outcome.word)),
        .init("minimumWallMm", isHollow ? .number(Double(hollow.certifiedWall)) : .null),
        .init("meanWallMm", isHollow ? .number(Double(hollow.meanWall)) : .null),
        .init("largestWallMm", isHollow ? .number(Double(hollow.largestWall)) : .null),
        .init("volumeBeforeMm3", .number(hollow.volumeBefore)),
        .init("volumeAfterMm3", .number(hollow.volumeAfter)),
        .init("cavities", .integer(hollow.cavities)),
        .init("trappedCavities", .integer(hollow.trappedCavities)),
        .init("missedDrainHoles", .integer(hollow.missedDrains)),
        .init("prunedPockets", .integer(hollow.prunedPockets)),
        .init("filledCavities", .integer(hollow.filledCavities)),
        .init("voxelMm", .number(Double(hollow.voxel))),
        .init("triangles", .integer(hollow.mesh.triangles.count)),
      ])
    if !isHollow { result.original = input.original }
    if let plugs = hollow.plugs {
      result.extras = [ResultFile(.mesh(plugs, ExportOptions()), label: "plugs")]
    }
    let mesh = hollow.mesh
    result.picture = { (side, run) throws(MeshError) in
      try Image.section(of: mesh, .onWhite(side ?? 800), run)
    }
    return result
  }
}

/// What the inside is filled with.
enum InfillWord: String, ParameterChoice {
  case none, gyroid, cubic
}

extension Mesh {
  /// Drain holes straight into the surface where it is nearest to some places.
  fileprivate func drainHoles(
    at places: [(place: SIMD3<Float>, diameter: Float)], _ run: RunContext
  ) throws(MeshError) -> [DrainHole] {
    let bvh = try BVH(self, run)
    var holes: [DrainHole] = []
    for (place, diameter) in places {
      guard let nearest = bvh.closestPoint(self, to: place) else { continue }
      let (a, b, c) = corners(nearest.triangle)
      holes.append(
        DrainHole(position: nearest.point, direction: cross(c - a, b - a), diameter: diameter))
    }
    return holes
  }
}

extension HollowingResult.Outcome {
  fileprivate var word: String {
    switch self {
    case .hollowed: "hollowed"
    case .tooThin: "tooThin"
    case .notClosed: "notClosed"
    case .insideOut: "insideOut"
    }
  }
}
