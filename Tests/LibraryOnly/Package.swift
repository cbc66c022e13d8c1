// swift-tools-version: 6.2
import PackageDescription

// A stranger's package that uses the library alone. `check` beside it proves that resolving it fetches
// nothing and that it builds and runs.
let package = Package(
  name: "LibraryOnly",
  dependencies: [
    .package(name: "Facet", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "LibraryOnly", dependencies: [.product(name: "Facet", package: "Facet")])
  ]
)
