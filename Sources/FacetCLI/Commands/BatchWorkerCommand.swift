#if CommandLine
  import ArgumentParser
  import FacetBatch

  /// What `facet batch` starts; of no use to people.
  struct BatchWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "batch-worker", abstract: "Work for facet batch.", shouldDisplay: false)

    func run() {
      BatchWorker.serve(stop: Signals.cancellation)
    }
  }
#endif
