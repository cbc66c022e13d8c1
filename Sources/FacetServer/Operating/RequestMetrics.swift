#if Server
  import Facet
  import FacetService

  /// Counts of requests, and the figures of the service, in the text format of Prometheus (version 0.0.4).
  final class RequestMetrics: Sendable {
    /// Upper bounds of the buckets of durations, in seconds.
    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Key: Hashable {
      let method: String
      let route: String
      let status: Int
    }

    private struct Durations {
      var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count)
      var count = 0
      var sum = 0.0
    }

    private let table = Lock<(requests: [Key: Int], durations: [String: Durations])>(([:], [:]))

    /// - Parameter route: With its parameters' names and not their values, so that there are few.
    func count(_ method: String, _ route: String, _ status: Int, _ seconds: Double) {
      table.withLock { table in
        table.requests[Key(method: method, route: route, status: status), default: 0] += 1
        var durations = table.durations[route] ?? Durations()
        for (index, bound) in RequestMetrics.bounds.enumerated() where seconds <= bound {
          durations.buckets[index] += 1
        }
        durations.count += 1
        durations.sum += seconds
        table.durations[route] = durations
      }
    }

    func text(_ figures: FacetService.Figures) -> String {
      let (requests, durations) = table.withLock { $0 }
      var lines: [String] = []
      func family(_ name: String, _ type: String, _ help: String, _ samples: [String]) {
        lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + samples
      }
      family(
        "facet_http_requests_total", "counter", "Requests by route and status.",
        requests.map { key, count in
          "facet_http_requests_total{method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\"} \(count)"
        }.sorted())
      family(
        "facet_http_request_duration_seconds", "histogram", "Time until a reply begins, by route.",
        durations.sorted { $0.key < $1.key }.flatMap { route, values in
          let name = "facet_http_request_duration_seconds"
          let buckets = zip(RequestMetrics.bounds, values.buckets).map { bound, count in
            "\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(count)"
          }
          return buckets + [
            "\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(values.count)",
            "\(name)_sum{route=\"\(route)\"} \(values.sum)",
            "\(name)_count{route=\"\(route)\"} \(values.count)",
          ]
        })
      family(
        "facet_operations", "gauge", "Operations that have not ended.",
        [
          "facet_operations{state=\"queued\"} \(figures.waitingJobs)",
          "facet_operations{state=\"running\"} \(figures.runningJobs)",
        ])
      family(
        "facet_operations_ended_total", "counter", "Operations that ended since the server started.",
        figures.endedJobs.sorted { $0.key < $1.key }.map {
          "facet_operations_ended_total{state=\"\($0.key)\"} \($0.value)"
        })
      family(
        "facet_disk_free_bytes", "gauge", "Room on the disk of the data folder.",
        ["facet_disk_free_bytes \(figures.freeDiskBytes)"])
      family(
        "facet_resident_memory_bytes", "gauge", "Memory of the process.",
        ["facet_resident_memory_bytes \(ResidentMemory.bytes)"])
      return lines.joined(separator: "\n") + "\n"
    }
  }
#endif
