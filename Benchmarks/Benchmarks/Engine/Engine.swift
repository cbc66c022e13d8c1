import Benchmark
import Facet
import FacetOperations
import Foundation

// Every operation that can be timed, on parts made here: no file from elsewhere is needed. What was done is a
// metric beside time and memory, so that a change that does less work is not taken for a faster one.

let benchmarks: @Sendable () -> Void = {
  let folder = FileManager.default.temporaryDirectory.appending(path: "facet-benchmarks").path
  try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

  for part in parts {
    for operation in BenchmarkOperation.all {
      let triangles = BenchmarkMetric.custom("triangles", polarity: .prefersLarger, useScalingFactor: false)
      let work = BenchmarkMetric.custom(operation.workName, polarity: .prefersLarger, useScalingFactor: false)
      Benchmark(
        "\(operation.name) \(part.name)",
        configuration: .init(
          metrics: [.wallClock, .cpuTotal, .peakMemoryResident, triangles, work], warmupIterations: 1,
          maxDuration: .seconds(5), maxIterations: 20)
      ) { (benchmark: Benchmark, prepared: Prepared) in
        benchmark.startMeasurement()
        let done = try prepared.body(RunContext())
        benchmark.stopMeasurement()
        let counts = done()
        benchmark.measurement(triangles, counts.count("triangles"))
        benchmark.measurement(work, counts.count(operation.workName))
      } setup: {
        let path = "\(folder)/\(part.name).stl"
        try part.make().write(to: path)
        let input = BenchmarkInput(path: path, scratchFolder: folder)
        return Prepared(body: try operation.prepare(input, RunContext()))
      }
    }
  }
}

/// What the clock is to run.
struct Prepared {
  let body: BenchmarkOperation.Body
}

/// A made part to work on.
struct Part: Sendable {
  let name: String
  let make: @Sendable () -> Mesh
}

/// Small parts show what an operation costs to begin with, large ones what a triangle costs.
let parts = [
  Part(name: "bracket") { Primitive.bracket() },
  Part(name: "sphere-1M") { Primitive.uvSphere(radius: 50, segments: 1024, rings: 512) },
]

extension BenchmarkOperation {
  /// The count that says most about what was done.
  var workName: String {
    switch name {
    case "rays": "hits"
    case "inscribed-spheres": "limited"
    case "self-intersections": "intersectingTriangles"
    case "measure": "shells"
    case "reduce-10", "reduce-error", "geometrical-repair", "repair", "shrinkwrap", "hollow": "trianglesAfter"
    case "wall-thickness": "regions"
    case "write", "read-text", "thumbnail": "bytes"
    case "read-topology": "boundaryEdges"
    default: "vertices"
    }
  }
}

extension [JSONValue.Member] {
  func count(_ name: String) -> Int { first { $0.name == name }?.value.asInteger ?? 0 }
}
