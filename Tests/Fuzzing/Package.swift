// swift-tools-version: 6.2
import PackageDescription

// libFuzzer over all readers. Apart from the main package: no other build should have its flags. Ten minutes of it:
//
//   swift build -c release -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library
//   mkdir -p .build/found && cp Corpus/* .build/found
//   .build/release/FuzzReaders -max_total_time=600 -max_len=4096 -dict=words.dict .build/found
//
// What it checks is in ReaderCheck.swift, which the tests share: any bytes give a mesh or a typed error, never a
// crash; facets read and dropped add up; salvage reads the same from a sound file; what was read survives writing
// and reading. The corpus is written by the tests (see ReaderFuzzTests).
let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "Facet", path: "../..", traits: [])],
  targets: [
    .executableTarget(name: "FuzzReaders", dependencies: [.product(name: "Facet", package: "Facet")])
  ]
)
