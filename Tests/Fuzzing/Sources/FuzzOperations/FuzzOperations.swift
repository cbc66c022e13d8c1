import Facet
import FacetTestSupport
import Foundation

/// Runs random soups and damaged parts through repair, shrinkwrap and the reducer, and sound parts through hollowing, and
/// says what failed.
@main
struct FuzzOperations {
  static let usage = """
    FuzzOperations [--count N] [--seed S] [--repair | --shrinkwrap | --reduce | --hollow]
                   [--soups | --damage] [--threads T] [--verbose]

      --count N      soups, damaged parts and sound ones, each (1000)
      --seed S       of the first one (0); the others follow
      --repair, --shrinkwrap, --reduce, --hollow, --soups, --damage
                     only these
      --threads T    a run (1); cases run on all processors
      --verbose      names each case before it runs, one at a time: the last one named is the one that trapped
    """

  var count = 1000
  var seed: UInt64 = 0
  var operations = FuzzOperation.allCases
  var hasSoups = true
  var hasDamage = true
  var threads = 1
  var isVerbose = false

  static func main() {
    var fuzz = FuzzOperations()
    guard fuzz.read(Array(CommandLine.arguments.dropFirst())) else {
      print(usage)
      exit(2)
    }
    exit(fuzz.run() ? 0 : 1)
  }

  private mutating func read(_ arguments: [String]) -> Bool {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--count":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return false }
        count = value
      case "--seed":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return false }
        seed = value
      case "--threads":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return false }
        threads = value
      case "--repair": operations = [.repair]
      case "--shrinkwrap": operations = [.shrinkwrap]
      case "--reduce": operations = [.reduce]
      case "--hollow": operations = [.hollow]
      case "--soups": hasDamage = false
      case "--damage": hasSoups = false
      case "--verbose": isVerbose = true
      default: return false
      }
    }
    return hasSoups || hasDamage
  }

  /// Whether nothing failed.
  private func run() -> Bool {
    var failures = 0
    for operation in operations {
      if operation == .hollow {
        failures += run("parts", operation) { .part(seed: $0) }
        continue
      }
      if hasSoups { failures += run("soups", operation) { .soup(seed: $0) } }
      if hasDamage { failures += run("damaged parts", operation) { .damage(.random(seed: $0)) } }
    }
    return failures == 0
  }

  private func run(
    _ name: String, _ operation: FuzzOperation, _ input: @Sendable (UInt64) -> FuzzInput
  ) -> Int {
    let context = RunContext(threads: threads)
    let clock = ContinuousClock()
    let start = clock.now
    let outcomes = Outcomes()
    let processors = isVerbose ? 1 : ProcessInfo.processInfo.activeProcessorCount
    withoutActuallyEscaping(input) { input in
      DispatchQueue.concurrentPerform(iterations: processors) { worker in
        for i in stride(from: worker, to: count, by: processors) {
          let input = input(seed &+ UInt64(i))
          if isVerbose { log("\(operation.rawValue) \(input.description)") }
          let began = clock.now
          let problem = operation.problem(with: input, context)
          outcomes.add(input.description, problem, clock.now - began)
          if let problem { log("FAILED \(operation.rawValue) \(input.description): \(problem)") }
        }
      }
    }
    let (failures, slowest) = outcomes.summary
    print(
      "\(operation.rawValue): \(count) \(name) from seed \(seed), \(failures) failed, "
        + "\(clock.now - start); slowest \(slowest)")
    return failures
  }

  private func log(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

/// What all workers found.
private final class Outcomes: @unchecked Sendable {
  private let lock = NSLock()
  private var failures = 0
  private var slowest = (name: "", time: Duration.zero)

  func add(_ name: String, _ problem: String?, _ time: Duration) {
    lock.withLock {
      if problem != nil { failures += 1 }
      if time > slowest.time { slowest = (name, time) }
    }
  }

  var summary: (failures: Int, slowest: String) {
    lock.withLock { (failures, "\(slowest.name), \(slowest.time)") }
  }
}
