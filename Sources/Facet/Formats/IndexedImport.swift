/// What the readers of indexed formats (OBJ, PLY, OFF) gather: positions, polygons that name them, and notes.
///
/// Files often repeat a vertex for each face that uses it, with its own normal or texture coordinate, or store
/// loose triangles. Vertices at the same place become one, as they do when an STL is read, or every seam would
/// be an open edge. Otherwise vertices stay in the file's order; those that no face names are left out.
struct IndexedImport {
  let format: MeshFormat
  let options: ImportOptions
  private(set) var positions: [SIMD3<Float>] = []
  private(set) var triangles: [Triangle] = []
  var notes = ImportNotes()
  /// The faces that the file says it has.
  var declaredFaces: Int?
  /// Faces read or dropped so far.
  private(set) var faces = 0

  /// The vertices of the face that is read.
  var polygon: [UInt32] = []
  var faceColor: Color?
  private var attributes: [UInt16] = []
  private var vertexColors: [Color] = []

  /// Faces that name vertices which had not come yet.
  private var pending: [(triangles: Range<Int>, offset: Int)] = []
  private let scale: Double

  init(_ format: MeshFormat, _ options: ImportOptions) {
    self.format = format
    self.options = options
    scale = options.units.millimetres
  }

  mutating func reserve(vertices: Int, faces: Int) {
    positions.reserveCapacity(vertices)
    triangles.reserveCapacity(min(faces, options.maximumTriangles))
  }

  // MARK: Vertices

  /// Adds a vertex in the file's units.
  ///
  /// - Throws: ``MeshError/syntax(format:location:expected:found:)`` for coordinates beyond Float's range. Salvage
  ///   keeps such a vertex, as NaN, and later drops the faces that name it.
  mutating func addVertex(_ x: Float, _ y: Float, _ z: Float, at offset: Int) throws(MeshError) {
    // Adding +0 turns −0 into +0, which it equals.
    var position = SIMD3(x, y, z) + 0
    if scale != 1 { position = SIMD3<Float>(SIMD3<Double>(position) * scale) }
    guard position.isFinite else {
      guard options.salvage else {
        throw .syntax(
          format: format, location: .byte(offset), expected: "a finite coordinate",
          found: "one that is not a finite number")
      }
      addUnreadableVertex(at: offset)
      return
    }
    positions.append(position)
  }

  mutating func addUnreadableVertex(at offset: Int) {
    notes.warn("a vertex cannot be read", at: offset)
    positions.append(SIMD3(repeating: .nan))
  }

  mutating func addVertexColor(_ color: Color) {
    while vertexColors.count < positions.count - 1 {
      vertexColors.append(.init(red: 255, green: 255, blue: 255))
    }
    vertexColors.append(color)
  }

  // MARK: Faces

  /// Adds ``polygon`` as a fan of triangles around its first vertex.
  mutating func addPolygon(at offset: Int) throws(MeshError) {
    guard polygon.count >= 3 else {
      throw .syntax(
        format: format, location: .byte(offset), expected: "a face of 3 vertices or more",
        found: "one of \(polygon.count)")
    }
    faces += 1
    let limit = min(options.maximumTriangles, Mesh.maximumTriangleCount)
    let first = triangles.count
    guard first + polygon.count - 2 <= limit else {
      throw .tooManyTriangles(count: first + polygon.count - 2, limit: limit)
    }
    var isPending = false
    if options.salvage {
      for index in polygon where index < positions.count && positions[Int(index)].x.isNaN {
        notes.drop("a coordinate is not a finite number", at: offset)
        return
      }
    }
    for index in polygon where index >= positions.count { isPending = true }
    for i in 1..<polygon.count - 1 {
      triangles.append(Triangle(polygon[0], polygon[i], polygon[i + 1]))
    }
    if polygon.count > 3 { notes.warn("a polygon, cut into a fan of triangles", at: offset) }
    if isPending { pending.append((first..<triangles.count, offset)) }
    guard faceColor != nil || !attributes.isEmpty else { return }
    while attributes.count < first { attributes.append(0) }
    let attribute = faceColor.map { FacetColors.attribute(for: $0, .visCAM) } ?? 0
    while attributes.count < triangles.count { attributes.append(attribute) }
  }

  /// Salvage leaves a face out; anything else fails.
  mutating func drop(_ error: MeshError, at offset: Int) throws(MeshError) {
    guard options.salvage, let place = error.offset else { throw error }
    faces += 1
    notes.drop(error, at: place)
  }

  /// The faces that the file counts and does not hold.
  mutating func dropMissingFaces(at offset: Int) {
    guard let declaredFaces, declaredFaces > faces else { return }
    notes.drop("counted in the header, but the file ends before", at: offset, count: declaredFaces - faces)
  }

  // MARK: The mesh

  mutating func finish(
    _ source: ByteSource, _ encoding: ImportReport.Encoding, _ run: RunContext
  ) throws(MeshError) -> ImportedMesh {
    try resolvePending()
    guard !triangles.isEmpty else { throw .noTriangles(format: format) }
    if attributes.isEmpty && !vertexColors.isEmpty { takeVertexColors() }
    while !attributes.isEmpty && attributes.count < triangles.count { attributes.append(0) }
    var report = ImportReport(
      format: format, encoding: encoding, declaredFacets: declaredFaces, readFacets: triangles.count)
    let colors = attributes.isEmpty ? nil : FacetColors(convention: .visCAM, attributes: attributes)
    let given = positions.count
    // The table, the new numbers, and the positions once more.
    try run.reserve(bytes: given * 40, for: "welding \(given) vertices")
    let (kept, unused) = weldEqualPositions()
    if unused > 0 { notes.warn("\(unused) of \(given) vertices are in no face, left out") }
    var mesh = Mesh(unchecked: kept, triangles: triangles, colors: colors)
    if options.weldTolerance > 0 {
      mesh = try mesh.weldingVertices(within: options.weldTolerance, run)
    }
    try notes.write(to: &report, of: source, inLines: encoding == .text)
    return ImportedMesh(mesh: mesh, report: report)
  }

  /// Looks again at the faces that came before their vertices.
  private mutating func resolvePending() throws(MeshError) {
    var dropped: [Range<Int>] = []
    for face in pending {
      var problem: String?
      for t in triangles[face.triangles] {
        for corner in 0..<3 where problem == nil {
          if t[corner] >= positions.count {
            guard options.salvage else {
              throw .syntax(
                format: format, location: .byte(face.offset), expected: "one of \(positions.count) vertices",
                found: "number \(format == .obj ? Int(t[corner]) + 1 : Int(t[corner]))")
            }
            problem = "not a whole facet: it names a vertex that is not there"
          } else if positions[Int(t[corner])].x.isNaN {
            problem = "a coordinate is not a finite number"
          }
        }
      }
      if let problem {
        notes.drop(problem, at: face.offset)
        dropped.append(face.triangles)
      }
    }
    for range in dropped.reversed() {
      triangles.removeSubrange(range)
      if !attributes.isEmpty { attributes.removeSubrange(range) }
    }
  }

  private mutating func takeVertexColors() {
    while vertexColors.count < positions.count { vertexColors.append(.init(red: 255, green: 255, blue: 255)) }
    attributes = triangles.map { t in
      func mean(_ channel: KeyPath<Color, UInt8>) -> UInt8 {
        let sum = (0..<3).reduce(0) { $0 + Int(vertexColors[Int(t[$1])][keyPath: channel]) }
        return UInt8((sum + 1) / 3)
      }
      return FacetColors.attribute(
        for: Color(red: mean(\.red), green: mean(\.green), blue: mean(\.blue)), .visCAM)
    }
  }

  /// Renames the triangles' corners; returns the vertices that stay, in the file's order, and how many were in no
  /// face.
  private mutating func weldEqualPositions() -> (kept: [SIMD3<Float>], unused: Int) {
    var isUsed = [Bool](repeating: false, count: positions.count)
    for t in triangles {
      isUsed[Int(t.a)] = true
      isUsed[Int(t.b)] = true
      isUsed[Int(t.c)] = true
    }
    let used = isUsed.reduce(0) { $0 + ($1 ? 1 : 0) }
    var slots = 64
    while slots < used * 2 { slots *= 2 }
    let mask = UInt32(slots - 1)
    var table = [UInt32](repeating: .max, count: slots)
    var kept: [SIMD3<Float>] = []
    kept.reserveCapacity(used)
    var renamed = [UInt32](repeating: .max, count: positions.count)
    for (i, p) in positions.enumerated() where isUsed[i] {
      var slot = positionHash(UInt64(p.x.bitPattern) | UInt64(p.y.bitPattern) << 32, p.z.bitPattern) & mask
      while table[Int(slot)] != .max, kept[Int(table[Int(slot)])] != p { slot = (slot &+ 1) & mask }
      if table[Int(slot)] == .max {
        table[Int(slot)] = UInt32(kept.count)
        kept.append(p)
      }
      renamed[i] = table[Int(slot)]
    }
    if kept.count < positions.count {
      for (i, t) in triangles.enumerated() {
        triangles[i] = Triangle(renamed[Int(t.a)], renamed[Int(t.b)], renamed[Int(t.c)])
      }
    }
    return (kept, positions.count - used)
  }
}
