/// Which triangles of a mesh meet along which edges.
///
/// Half-edge `3 * f + k` starts at corner `k` of triangle `f` and runs to the next corner; vertices, not
/// positions, decide what is shared, so weld first. One array tells everything: the ``twin`` of a half-edge
/// runs back along the same edge in the neighbouring triangle. There is one only where exactly two triangles
/// meet that agree about which side is outside.
///
/// A triangle that names a vertex twice bounds nothing and takes no part: its neighbours meet as if it were
/// not there, and its half-edges are ``degenerate``. A flat triangle of three vertices is an ordinary one.
///
/// Building takes 24 bytes a triangle and 4 a vertex beyond ``twin``.
public struct Topology: Sendable, Equatable {
  /// For each half-edge the one that runs back along it, or ``boundary``, ``nonManifold`` or ``degenerate``.
  public let twin: [UInt32]
  /// Triangles that name a vertex twice.
  public let degenerateTriangles: Int

  /// The edge has this one triangle only.
  public static let boundary = UInt32.max
  /// The edge has three triangles or more, or two that disagree about which side is outside.
  public static let nonManifold = UInt32.max - 1
  /// The half-edge belongs to a triangle that names a vertex twice.
  public static let degenerate = UInt32.max - 2

  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public init(_ mesh: Mesh, _ run: RunContext = .init()) throws(MeshError) {
    try self.init(mesh, room: 0, run)
  }

  /// - Parameter room: For so many more half-edges, which can be appended to ``twin`` without copying the others.
  init(_ mesh: Mesh, room: Int, _ run: RunContext) throws(MeshError) {
    let corners = mesh.triangles.count * 3
    try run.reserve(bytes: corners * 12 + mesh.positions.count * 4, for: "the topology")
    var degenerate = 0
    twin = try [UInt32](filling: corners, room: room) { (twin) throws(MeshError) in
      degenerate = try mesh.withView { (mesh) throws(MeshError) in
        try matchHalfEdges(of: mesh, into: twin, run)
      }
    }
    degenerateTriangles = degenerate
    run.report(1)
  }

  /// For code that has matched the half-edges itself.
  init(twin: [UInt32], degenerateTriangles: Int) {
    self.twin = twin
    self.degenerateTriangles = degenerateTriangles
  }

  /// The half-edge after `h` in its triangle.
  @inline(__always)
  public static func next(_ h: Int) -> Int { h % 3 == 2 ? h - 2 : h + 1 }

  /// The half-edge before `h` in its triangle.
  @inline(__always)
  public static func previous(_ h: Int) -> Int { h % 3 == 0 ? h + 2 : h - 1 }

  /// Whether the half-edge has a twin.
  @inline(__always)
  public func hasTwin(_ h: Int) -> Bool { twin[h] < Topology.degenerate }
}
