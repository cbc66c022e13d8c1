// swift-tools-version: 6.2
import PackageDescription

// A user of the library alone names the package with `traits: []` and resolves nothing else:
// every outside dependency is behind a trait.
let commandLine: TargetDependencyCondition? = .when(traits: ["CommandLine"])
let server: TargetDependencyCondition? = .when(traits: ["Server"])

let package = Package(
  name: "Facet",
  products: [
    .library(name: "Facet", targets: ["Facet"]),
    .library(name: "FacetRender", targets: ["FacetRender"]),
    .library(name: "FacetOperations", targets: ["FacetOperations"]),
    .library(name: "FacetContract", targets: ["FacetContract"]),
    .library(name: "FacetBatch", targets: ["FacetBatch"]),
    .library(name: "FacetGeneration", targets: ["FacetGeneration"]),
    .executable(name: "facet", targets: ["FacetCLI"]),
  ],
  traits: [
    .trait(name: "CommandLine", description: "The command `facet`."),
    .trait(
      name: "Server", description: "`facet serve`: the documented APIs over HTTP.",
      enabledTraits: ["CommandLine"]),
    .default(enabledTraits: ["CommandLine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
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

    // Many files through one pipeline, in worker processes, and the report of it.
    .target(
      name: "FacetBatch",
      dependencies: [
        "FacetContract",
        .product(name: "Crypto", package: "swift-crypto", condition: commandLine),
        .product(name: "Subprocess", package: "swift-subprocess", condition: commandLine),
        .product(name: "Yams", package: "Yams", condition: commandLine),
      ],
      resources: [.embedInCode("Report/Page")]),

    // Parts from words and pictures: a plan, a CadQuery program, a sandbox for it, and checks.
    .target(
      name: "FacetGeneration",
      dependencies: [
        "Facet", "FacetContract",
        .product(name: "Subprocess", package: "swift-subprocess", condition: commandLine),
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: server),
      ],
      resources: [.embedInCode("Sandbox/Program")]),

    // The APIs over HTTP, with the trait Server: what is kept and done, and how it is asked for.
    .target(
      name: "FacetService",
      dependencies: [
        "Facet",
        .product(name: "GRDB", package: "GRDB.swift", condition: server),
        .product(name: "Crypto", package: "swift-crypto", condition: server),
        .product(name: "CryptoExtras", package: "swift-crypto", condition: server),
        .product(name: "Logging", package: "swift-log", condition: server),
        .product(name: "NIOCore", package: "swift-nio", condition: server),
        .product(name: "NIOPosix", package: "swift-nio", condition: server),
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: server),
      ]),
    .target(
      name: "FacetServer",
      dependencies: [
        "FacetContract", "FacetGeneration", "FacetService",
        .product(name: "Hummingbird", package: "hummingbird", condition: server),
        .product(name: "HummingbirdCore", package: "hummingbird", condition: server),
        .product(name: "HummingbirdTLS", package: "hummingbird", condition: server),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
        .product(name: "NIOCore", package: "swift-nio", condition: server),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: server),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
      ],
      resources: [.embedInCode("Page")]),

    .executableTarget(
      name: "FacetCLI",
      dependencies: [
        "FacetBatch", "FacetGeneration",
        .target(name: "FacetServer", condition: server),
        .product(
          name: "ArgumentParser", package: "swift-argument-parser", condition: commandLine),
        .product(name: "Subprocess", package: "swift-subprocess", condition: commandLine),
      ]),

    .target(name: "FacetTestSupport", dependencies: ["Facet"], path: "Tests/FacetTestSupport"),
    .testTarget(name: "FacetTests", dependencies: ["Facet", "FacetTestSupport"]),
    .testTarget(name: "FacetRenderTests", dependencies: ["FacetRender", "FacetTestSupport"]),
    .testTarget(name: "FacetOperationsTests", dependencies: ["FacetOperations", "FacetTestSupport"]),
    .testTarget(name: "FacetContractTests", dependencies: ["FacetContract", "FacetTestSupport"]),
    .testTarget(name: "FacetBatchTests", dependencies: ["FacetBatch", "FacetTestSupport"]),
    .testTarget(
      name: "FacetGenerationTests", dependencies: ["FacetGeneration", "FacetTestSupport"]),
    .testTarget(
      name: "FacetServiceTests",
      dependencies: [
        "FacetService", "FacetTestSupport", .product(name: "GRDB", package: "GRDB.swift", condition: server),
      ]),
    .testTarget(
      name: "FacetServerTests",
      dependencies: [
        "FacetServer", "FacetTestSupport", .product(name: "GRDB", package: "GRDB.swift", condition: server),
        .product(name: "Crypto", package: "swift-crypto", condition: server),
        .product(name: "HummingbirdTesting", package: "hummingbird", condition: server),
      ]),
    .testTarget(
      name: "FacetCLITests", dependencies: ["FacetCLI", "FacetTestSupport"]),
  ],
  cxxLanguageStandard: .cxx17
)
