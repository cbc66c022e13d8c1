#if CommandLine
  import FacetContract
  import FacetOperations
  import Foundation
  import Yams

  /// A pipeline in a file: YAML, of which JSON is a part.
  public enum PipelineFile {
    /// - Throws: Code 52 for a file that cannot be read, 13 for one that is no YAML, and what
    ///   ``FacetContract/PipelineRequest/init(json:)`` throws.
    public static func read(_ path: String) throws(ToolkitFailure) -> PipelineRequest {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw ToolkitFailure(.fileNotFound(id: path), detail: "the pipeline cannot be read")
      }
      return try parse(String(decoding: bytes, as: UTF8.self), of: path)
    }

    /// - Parameter file: Its name, for messages.
    static func parse(_ text: String, of file: String) throws(ToolkitFailure) -> PipelineRequest {
      let json: JSONValue
      do {
        json = JSONValue(try Yams.compose(yaml: text))
      } catch {
        throw ToolkitFailure(
          .invalidParameter("pipeline"), detail: "\(file) is neither YAML nor JSON: \(error)")
      }
      return try PipelineRequest(json: json)
    }
  }

  extension JSONValue {
    /// By the types of YAML's core schema.
    fileprivate init(_ node: Node?) {
      switch node {
      case .mapping(let mapping)?:
        self = .object(mapping.map { Member($0.key.string ?? "", JSONValue($0.value)) })
      case .sequence(let sequence)?: self = .array(sequence.map { JSONValue($0) })
      case .scalar(let scalar)?:
        let node = Node.scalar(scalar)
        self =
          if node.null != nil { .null } else if let bool = node.bool {
            .bool(bool)
          } else if let integer = node.int {
            .integer(integer)
          } else if let number = node.float { .number(number) } else { .string(scalar.string) }
      default: self = .null
      }
    }
  }
#endif
