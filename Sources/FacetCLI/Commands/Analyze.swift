#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct Analyze: OperationCommand {
    static let operation: any MeshOperation.Type = AnalyzeOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet analyze part.stl
        facet analyze *.stl --json | jq '.results[] | select(.badEdges > 0) | .input'
        curl -s https://example.com/part.stl | facet analyze -
        """)

    @OptionGroup var input: InputOptions
    @OptionGroup var common: RunOptions

    var given: [(name: String, text: String?)] { [] }
  }
#endif
