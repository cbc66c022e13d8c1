// swift-tools-version: 6.2
import PackageDescription

// A user of the library alone names the package with `traits: []` and resolves nothing else:
// every outside dependency is behind a trait.
let commandLine: TargetDependencyCondition? = .when(traits: ["CommandLine"])

let package = Package(
  name: "Facet",
  products: [
    .library(name: "Facet", targets: ["Facet"]),
    .library(name: "FacetRender", targets: ["FacetRender"]),
    .library(name: "FacetOperations", targets: ["FacetOperations"]),
    .library(name: "FacetContract", targets: ["FacetContract"]),
    .executable(name: "facet", targets: ["FacetCLI"]),
  ],
  traits: [
    .trait(name: "CommandLine", description: "The command `facet`."),
    .default(enabledTraits: ["CommandLine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // The engine: pure Swift, no dependency, no Foundation.
    .target(name: "Facet"),

    // Pictures: a software rasterizer, a camera by GLM, PNG by libpng.
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .target(name: "CCamera"),
    .target(name: "FacetRender", dependencies: ["Facet", "CPNG", "CCamera"]),

    // Named operations, and the documented APIs they are reached through.
    .target(name: "FacetOperations", dependencies: ["Facet", "FacetRender"]),
    .target(name: "FacetContract", dependencies: ["FacetOperations"]),

    .executableTarget(
      name: "FacetCLI",
      dependencies: [
        "FacetContract",
        .product(
          name: "ArgumentParser", package: "swift-argument-parser", condition: commandLine),
      ]),

    .target(name: "FacetTestSupport", dependencies: ["Facet"], path: "Tests/FacetTestSupport"),
    .testTarget(name: "FacetTests", dependencies: ["Facet", "FacetTestSupport"]),
    .testTarget(name: "FacetRenderTests", dependencies: ["FacetRender", "FacetTestSupport"]),
    .testTarget(name: "FacetOperationsTests", dependencies: ["FacetOperations", "FacetTestSupport"]),
    .testTarget(name: "FacetContractTests", dependencies: ["FacetContract", "FacetTestSupport"]),
    .testTarget(
      name: "FacetCLITests", dependencies: ["FacetCLI", "FacetTestSupport"]),
  ],
  cxxLanguageStandard: .cxx17
)
