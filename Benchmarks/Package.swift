// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "FacetBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Facet", path: "..", traits: []),
    // Without its allocation and reference-count interposers: they slow what is measured.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Engine",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Facet", package: "Facet"),
        .product(name: "FacetOperations", package: "Facet"),
      ],
      path: "Benchmarks/Engine",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
