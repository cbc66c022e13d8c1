#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetOperations

  /// A command that runs one operation of the catalog on each of its inputs.
  protocol OperationCommand: ParsableCommand {
    static var operation: any MeshOperation.Type { get }
    var input: InputOptions { get }
    var common: RunOptions { get }
    /// The value of `-o`, for operations that make something.
    var output: String? { get }
    /// The value of `--picture`, for operations that can show what they did.
    var picture: String? { get }
    /// The options for the operation's other files: the file's label, which is the option's name, and its value.
    var extras: [(label: String, path: String?)] { get }
    /// The operation's parameters as they were typed, by API name; nil where an option was not given.
    var given: [(name: String, text: String?)] { get }
  }

  extension OperationCommand {
    var output: String? { nil }
    var picture: String? { nil }
    var extras: [(label: String, path: String?)] { [] }

    func run() throws {
      let request = try validated { () throws(ToolkitFailure) in
        try ToolkitContract.validate(
          Self.operation.name, options: given.compactMap { name, text in text.map { (name, $0) } })
      }
      let reader = try InputReader(input.reading)
      let destination = try output.map { try Destination($0, inputs: input.inputs, json: common.json) }
      try destination?.check([Self.operation])
      let gallery = try picture.map {
        try Destination($0, inputs: input.inputs, json: common.json, argument: "picture")
      }
      try gallery?.check(endings: ["png"])
      var others: [(label: String, destination: Destination)] = []
      for (label, path) in extras {
        guard let path else { continue }
        let other = try Destination(path, inputs: input.inputs, json: common.json, argument: label)
        try other.check(endings: MeshFormat.allCases.map(\.rawValue))
        others.append((label, other))
      }

      let isTaken = ([destination, gallery] + others.map(\.destination)).contains {
        $0?.isStandardOutput == true
      }
      let session = Session(options: common, standardOutputIsTaken: isTaken)
      try session.run(input.inputs) { (path, run) throws(Failure) in
        let read = try reader.read(path, run.slice(0...0.4))
        let result = try request.run(on: read, name: path, run.slice(0.4...0.9))
        var outcome = Session.Outcome(
          read, fields: result.fields, isAnswer: Self.operation.isAnalysis)
        outcome.text = result.report(Self.operation.name, name: displayName(path))
        if let file = result.file(for: destination) {
          if let destination {
            outcome.addWritten([try file.save(in: destination, for: path, run.slice(0.9...0.95))])
          } else if !Self.operation.isAnalysis {
            outcome.text += "  nothing was written; give -o\n"
          }
        }
        for (label, other) in others {
          let file = result.extras.first { $0.label == label }
          guard let file = file?.with(pathExtension: Destination.ending(other.pattern)) else { continue }
          outcome.addWritten([try file.save(in: other, for: path, run)], as: label)
        }
        if let gallery, let picture = try result.pictureFile(run.slice(0.95...1)) {
          outcome.addPicture(try picture.save(in: gallery, for: path, run))
        }
        return outcome
      }
    }
  }

  /// What comes through the contract's door, or the command's way of saying why it does not.
  func validated<Value>(_ body: () throws(ToolkitFailure) -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw Failure(error)
    }
  }

  extension OperationRequest {
    /// Runs the operation on an input, whose name goes into what is thrown.
    func run(
      on input: OperationInput, name: String, _ run: RunContext
    ) throws(Failure) -> OperationResult {
      do {
        return try self.run(input, .commandLine, run)
      } catch {
        throw Failure(error, file: displayName(name))
      }
    }
  }

  extension OperationResult {
    /// The lines for people.
    func report(_ operation: OperationName, name: String) -> String {
      switch operation {
      case .analyze: AnalysisReport(self, name: name).text
      case .repair, .geometricalRepair: RepairReport(self, name: name).text
      case .reduceTriangles: ReductionReport(self, name: name).text
      case .wallThicknessAnalysis: ThicknessReport(self, name: name).text
      case .hollowing: HollowingReport(self, name: name).text
      default: "\(name): \(operation.rawValue)\n" + fields.table
      }
    }
  }

  extension ToolkitSettings {
    /// Whoever types commands decides what his machine can bear: no limit on triangles but the engine's.
    static let commandLine = ToolkitSettings(maximumTriangles: Mesh.maximumTriangleCount)
  }
#endif
