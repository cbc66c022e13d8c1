// swift-tools-version: 6.2
import PackageDescription

// Fuzzing, apart from the main package: no other build should have its flags. The engine and the test support are
// targets of this package too (by links), so that damage is made by what the tests make it by.
//
// libFuzzer over all readers. Ten minutes of it:
//
//   swift build -c release --product FuzzReaders -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library
//   mkdir -p .build/found && cp Corpus/* .build/found
//   .build/release/FuzzReaders -max_total_time=600 -max_len=4096 -dict=words.dict .build/found
//
// What it checks is in ReaderCheck.swift, which the tests share: any bytes give a mesh or a typed error, never a
// crash; facets read and dropped add up; salvage reads the same from a sound file; what was read survives writing
// and reading. The corpus is written by the tests (see ReaderFuzzTests).
//
// Random soups and damaged parts through repair, shrinkwrap and the reducer, and sound parts through hollowing:
//
//   swift build -c release --product FuzzOperations
//   .build/release/FuzzOperations --count 10000
//
// What it checks is in RepairCheck.swift, ReduceCheck.swift and HollowCheck.swift, which the tests share.
let package = Package(
  name: "Fuzzing",
  targets: [
    .target(name: "Facet"),
    .target(name: "FacetTestSupport", dependencies: ["Facet"]),
    .executableTarget(name: "FuzzReaders", dependencies: ["Facet"]),
    .executableTarget(name: "FuzzOperations", dependencies: ["Facet", "FacetTestSupport"]),
  ]
)
