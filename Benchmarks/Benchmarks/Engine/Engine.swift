import Benchmark
import Facet

let benchmarks: @Sendable () -> Void = {
  Benchmark("x") { benchmark in
    blackHole(Mesh.empty.bounds)
  }
}
