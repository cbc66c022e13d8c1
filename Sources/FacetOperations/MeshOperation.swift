import Facet
import FacetRender

/// An operation that people name: it describes itself, is made of validated arguments, and runs.
///
/// One file an operation, in `Operations/`, and its line in ``OperationCatalog``. Command line, help,
/// pipelines and documentation read the description; the limits of its parameters are the contracts'.
public protocol MeshOperation: Sendable {
  static var name: OperationName { get }
  /// One line for lists, a sentence without a full stop.
  static var summary: String { get }
  /// A paragraph or more for `--help` and the documentation.
  static var discussion: String { get }
  static var parameters: [ParameterDescription] { get }
  /// What it leaves behind besides its result fields.
  static var output: OperationOutput { get }
  /// Whether the result fields are what people ask for, and a file only shows them.
  static var isAnalysis: Bool { get }

  init(_ arguments: Arguments)

  /// How a file is to be read for this operation; nil when the operation has nothing to say about it.
  var importOptions: ImportOptions? { get }

  /// - Throws: What the engine throws; ``MeshError/cancelled`` when the run is cancelled.
  func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult
}

extension MeshOperation {
  public static var isAnalysis: Bool { output == .nothing }
  public var importOptions: ImportOptions? { nil }
}

/// What an operation leaves behind besides its result fields.
public enum OperationOutput: Sendable, Hashable {
  case nothing
  /// A mesh, for the caller to write or to hand to the next operation.
  case mesh
  /// A file that is the result: a picture, the model in a format.
  case file
}

/// What an operation works on.
public struct OperationInput: Sendable {
  public var mesh: Mesh
  /// What the reader saw, when the mesh comes from a file.
  public var report: ImportReport?
  /// The file itself, when it holds exactly this mesh: in millimetres, and nothing was left out.
  public var original: OriginalFile?

  public init(_ mesh: Mesh, report: ImportReport? = nil, original: OriginalFile? = nil) {
    self.mesh = mesh
    self.report = report
    self.original = original
  }

  /// - Parameters:
  ///   - source: What it was read from.
  ///   - options: How it was read.
  public init(_ imported: ImportedMesh, from source: ByteSource? = nil, _ options: ImportOptions = .init()) {
    self.init(imported.mesh, report: imported.report)
    if let source, options.units == .mm, options.weldTolerance == 0, imported.report.droppedFacets == 0 {
      original = OriginalFile(bytes: source, format: imported.report.format)
    }
  }
}

/// A file as it came, to be handed on byte for byte when nothing in it had to be changed.
public struct OriginalFile: Sendable {
  public var bytes: ByteSource
  public var format: MeshFormat
}

/// What an operation made and found.
public struct OperationResult: Sendable {
  /// The new mesh, of an operation that makes one.
  public var mesh: Mesh?
  /// The new file, of an operation that makes one.
  public var file: ResultFile?
  /// Files beside the mesh or the file, each with its label.
  public var extras: [ResultFile] = []
  /// The input's file, when the operation changed nothing of the mesh in it.
  public var original: OriginalFile?
  /// Draws what was done, for operations that have something to show.
  public var picture: Picture?
  /// The named results, in the order they are shown and written.
  public var fields: [JSONValue.Member]

  /// Draws a picture; only called when somebody wants one.
  ///
  /// - Parameter side: Of each of the square views that it is made of, in pixels; nil for the usual size.
  public typealias Picture = @Sendable (_ side: Int?, _ run: RunContext) throws(MeshError) -> Image

  public init(mesh: Mesh? = nil, file: ResultFile? = nil, fields: [JSONValue.Member] = []) {
    self.mesh = mesh
    self.file = file
    self.fields = fields
  }

  /// The named results as one JSON object.
  public var json: JSONValue { .object(fields) }

  public subscript(name: String) -> JSONValue? { json[name] }
}
