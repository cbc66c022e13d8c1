import Facet

/// A piece of the engine's work that can be timed alone: what it needs is prepared outside the clock.
///
/// The command `facet benchmark` and the benchmark package beside this one both run these.
public struct BenchmarkOperation: Sendable {
  /// The name in reports: `read-topology`.
  public let name: String
  /// One line for people: what the clock sees.
  public let summary: String
  /// Makes ready what the work needs; what it returns is what the clock runs.
  public let prepare: @Sendable (_ input: BenchmarkInput, _ run: RunContext) throws(MeshError) -> Body

  /// One run of the work. What it returns tells what was done; it is called after the clock has stopped.
  public typealias Body = @Sendable (_ run: RunContext) throws(MeshError) -> WorkDone
  public typealias WorkDone = () -> [JSONValue.Member]

  init(
    _ name: String, _ summary: String,
    prepare: @escaping @Sendable (BenchmarkInput, RunContext) throws(MeshError) -> Body
  ) {
    self.name = name
    self.summary = summary
    self.prepare = prepare
  }

  public static func named(_ name: String) -> BenchmarkOperation? {
    BenchmarkOperation.all.first { $0.name == name }
  }
}

/// What an operation is timed on.
public struct BenchmarkInput: Sendable {
  /// The model's file.
  public var path: String
  public var importOptions: ImportOptions
  /// A folder for files that preparation and work leave behind; the caller removes it.
  public var scratchFolder: String

  public init(path: String, importOptions: ImportOptions = ImportOptions(), scratchFolder: String) {
    self.path = path
    self.importOptions = importOptions
    self.scratchFolder = scratchFolder
  }
}

/// How long a piece of work took, and how much of it was done.
public struct BenchmarkResult: Sendable {
  public var operation: String
  public var model: String
  public var triangles: Int
  public var threads: Int
  /// Seconds of each run, in the order of the runs.
  public var seconds: [Double]
  /// The most memory held during the runs, what was prepared included.
  public var peakBytes: Int
  /// What was done, so that nobody compares times of different work.
  public var work: [JSONValue.Member]

  public var leastSeconds: Double { seconds.min() ?? 0 }

  public var medianSeconds: Double {
    let sorted = seconds.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  public var trianglesPerSecond: Double {
    leastSeconds > 0 ? Double(triangles) / leastSeconds : 0
  }

  public var json: JSONValue {
    [
      "operation": .string(operation), "model": .string(model), "threads": .integer(threads),
      "runs": .integer(seconds.count), "seconds": .number(leastSeconds),
      "medianSeconds": .number(medianSeconds), "trianglesPerSecond": .number(trianglesPerSecond),
      "peakMegabytes": .number(Double(peakBytes) / 1e6), "work": .object(work),
    ]
  }
}

extension BenchmarkOperation {
  /// Prepares, runs the work once to warm up, then `runs` times against the clock.
  ///
  /// - Parameter runs: At least 1.
  /// - Throws: What the engine throws.
  public func measure(
    _ input: BenchmarkInput, runs: Int, _ run: RunContext
  ) throws(MeshError) -> BenchmarkResult {
    let body = try prepare(input, run)
    PeakMemory.reset()
    var work = try body(run)()
    var seconds: [Double] = []
    for _ in 0..<max(runs, 1) {
      let start = ContinuousClock.now
      let done = try body(run)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      work = done()
    }
    let triangles = work.first { $0.name == "triangles" }?.value.asInteger ?? 0
    return BenchmarkResult(
      operation: name, model: input.path, triangles: triangles, threads: run.threads, seconds: seconds,
      peakBytes: PeakMemory.bytes, work: work)
  }
}
