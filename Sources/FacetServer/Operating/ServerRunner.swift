#if Server
  import Facet
  import FacetContract
  import FacetOperations
  import FacetService

  /// Does the jobs of both APIs: each by its own runner.
  struct ServerRunner: JobRunner {
    let toolkit: ToolkitRunner
    let generation: GenerationRunner
    let presenter: GenerationPresenter
    /// Makes the links that callbacks name. The service that has them is made with this runner.
    private let downloads = Lock<DownloadLinks?>(nil)

    init(toolkit: ToolkitRunner, generation: GenerationRunner, presenter: GenerationPresenter) {
      self.toolkit = toolkit
      self.generation = generation
      self.presenter = presenter
    }

    func use(_ links: DownloadLinks) { downloads.withLock { $0 = links } }

    func run(_ job: Job, _ workspace: Workspace, _ run: RunContext) -> JobOutcome {
      isGeneration(job) ? generation.run(job, workspace, run) : toolkit.run(job, workspace, run)
    }

    func notification(of job: Job) -> String {
      guard isGeneration(job), let links = downloads.withLock({ $0 }) else {
        return toolkit.notification(of: job)
      }
      return presenter.job(job, GenerationOrder(job.request)?.origin ?? "", links).text()
    }

    private func isGeneration(_ job: Job) -> Bool { GenerationJobName(rawValue: job.name) != nil }
  }
#endif
