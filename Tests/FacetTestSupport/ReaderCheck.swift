import Facet

/// What must hold for any bytes whatever that are given to the readers. The fuzzer and the tests share it, so it
/// uses the public interface only.
public enum ReaderCheck {
  /// Reads a file whose first byte chooses the reader, and says what is wrong with the outcome, or nil.
  public static func problem(with file: [UInt8]) -> String? {
    guard let selector = file.first else { return nil }
    let formats: [MeshFormat?] = [nil, .stl, .obj, .ply, .off]
    return problem(with: Array(file.dropFirst()), format: formats[Int(selector) % formats.count])
  }

  public static func problem(with bytes: [UInt8], format: MeshFormat?) -> String? {
    let source = ByteSource(bytes)
    let run = RunContext(threads: 1)
    var strict: ImportedMesh?
    do throws(MeshError) {
      strict = try Mesh.read(source, ImportOptions(format: format), run)
    } catch {
      if let problem = problem(with: error, bytes) { return problem }
    }
    if let strict {
      if let problem = problem(with: strict, bytes) { return "strict: \(problem)" }
      if strict.report.droppedFacets > 0 { return "strict reading dropped facets" }
      if let problem = problemWithRoundTrip(of: strict.mesh, bytes.count) { return problem }
    }
    do throws(MeshError) {
      let salvaged = try Mesh.read(source, ImportOptions(format: format, salvage: true), run)
      if let problem = problem(with: salvaged, bytes) { return "salvage: \(problem)" }
      if let strict, salvaged.mesh != strict.mesh { return "salvage reads another mesh from a sound file" }
      if strict == nil, salvaged.report.dropped.isEmpty, salvaged.report.warnings.isEmpty {
        return "salvage keeps silent about what strict reading refuses"
      }
    } catch {
      if strict != nil { return "salvage refuses a sound file: \(error)" }
      if let problem = problem(with: error, bytes) { return problem }
    }
    return nil
  }

  private static func problem(with imported: ImportedMesh, _ bytes: [UInt8]) -> String? {
    let mesh = imported.mesh
    let report = imported.report
    if (try? Mesh(positions: mesh.positions, triangles: mesh.triangles, colors: mesh.colors)) == nil {
      return "the mesh does not hold together"
    }
    if mesh.triangles.isEmpty { return "a mesh without a triangle" }
    if report.readFacets != mesh.triangles.count {
      return "\(report.readFacets) facets read, \(mesh.triangles.count) triangles"
    }
    for dropped in report.dropped where dropped.count <= 0 || !isPlace(dropped.first, bytes) {
      return "dropped \(dropped)"
    }
    let accounted = report.readFacets + report.droppedFacets
    switch (report.format, report.encoding) {
    case (.stl, .text):
      let (least, most) = facetKeywords(bytes)
      if accounted < least || accounted > most {
        return "\(report.readFacets) facets read, \(report.droppedFacets) dropped, of \(least)...\(most)"
      }
    case (.stl, .binary):
      if let declared = report.declaredFacets, accounted < declared {
        return "\(accounted) facets accounted for, of \(declared)"
      }
    case (.ply, _), (.off, _):
      let hasPolygons = report.warnings.contains { $0.contains("polygon") }
      if let declared = report.declaredFacets, !hasPolygons, accounted != declared {
        return "\(accounted) faces accounted for, of \(declared)"
      }
    case (.obj, _): break
    }
    return nil
  }

  /// How many facets a text STL begins: at least one a line that begins with the keyword, at most one a keyword.
  private static func facetKeywords(_ bytes: [UInt8]) -> (least: Int, most: Int) {
    var least = 0
    var most = 0
    for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      let words = line.split { $0 == 32 || $0 &- 9 < 5 }
      let facets = words.count { $0.count == 5 && $0.map { $0 | 32 } == Array("facet".utf8) }
      most += facets
      if facets > 0, let first = words.first, first.map({ $0 | 32 }) == Array("facet".utf8) { least += 1 }
    }
    return (least, most)
  }

  private static func problem(with error: MeshError, _ bytes: [UInt8]) -> String? {
    if error.description.isEmpty { return "an error without a message" }
    switch error {
    case .syntax(_, let place, _, _), .truncated(_, let place, _), .nonFiniteCoordinate(_, let place):
      return isPlace(place, bytes) ? nil : "no such place: \(error)"
    case .emptyFile, .unrecognizedFormat, .picture, .unsupportedFormat, .lengthMismatch, .noTriangles:
      return nil
    default:
      return "not an error about a file: \(error)"
    }
  }

  private static func isPlace(_ place: MeshError.Location, _ bytes: [UInt8]) -> Bool {
    switch place {
    case .byte(let offset): offset >= 0 && offset <= bytes.count
    case .line(let line): line >= 1 && line <= 1 + bytes.count { $0 == 10 || $0 == 13 }
    }
  }

  private static func problemWithRoundTrip(of mesh: Mesh, _ choice: Int) -> String? {
    let encodings: [ExportOptions] = [
      ExportOptions(format: .stl), ExportOptions(format: .stl, encoding: .text), ExportOptions(format: .obj),
      ExportOptions(format: .ply), ExportOptions(format: .off),
    ]
    let options = encodings[choice % encodings.count]
    do throws(MeshError) {
      let bytes = try mesh.encoded(options, RunContext(threads: 1))
      let again = try Mesh.read(
        ByteSource(bytes), ImportOptions(format: options.format), RunContext(threads: 1))
      if again.mesh.soup.corners != mesh.soup.corners { return "\(options) does not give the corners back" }
    } catch {
      return "\(options) cannot be read back: \(error)"
    }
    return nil
  }
}
