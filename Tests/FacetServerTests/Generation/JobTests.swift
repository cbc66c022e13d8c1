#if Server
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct JobTests {
    @Test func aJobSaysWhatIsDocumented() async throws {
      try await Workshop.open { workshop in
        let job = try await workshop.made([
          "prompt": "a part", "output_format": "3MF", "metadata": ["nested": ["a": .null], "order": 17],
        ])
        #expect(
          Set(job.json.asMembers?.map(\.name) ?? []) == [
            "job_id", "status", "design_mode", "output_format", "created_at", "completed_at", "download_url",
            "error_code", "error_message", "tokens_used", "latency_ms", "metadata",
          ])
        #expect(job.json["status"] == "success")
        #expect(job.json["design_mode"] == "standard")
        #expect(job.json["output_format"] == "3MF")
        #expect(job.json["error_code"] == .null && job.json["error_message"] == .null)
        #expect(job.json["tokens_used"] == 7)
        #expect(job.json["metadata"] == ["nested": ["a": .null], "order": 17])
        let latency = try #require(job.json["latency_ms"]?.asInteger)
        #expect((0..<60_000).contains(latency))
        for name in ["created_at", "completed_at"] {
          let text = try #require(job.json[name]?.asString)
          #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(text)")
        }
      }
    }

    @Test func whileItWaitsItSaysSo() async throws {
      let stuck = TestGenerator { _, _, _ in
        try await Task.sleep(for: .seconds(600))
        return ""
      }
      var settings = Shop.settings
      settings.service.workers = 1
      try await Workshop.open(settings, generator: stuck) { workshop in
        let first = try #require(try await workshop.make(["prompt": "x"]).jobId)
        let second = try #require(try await workshop.make(["prompt": "x"]).jobId)
        while try await workshop.job(first).json["status"] != "processing" {
          try await Task.sleep(for: .milliseconds(5))
        }
        let waiting = try await workshop.job(second)
        #expect(waiting.json["status"] == "queued")
        for name in [
          "completed_at", "download_url", "error_code", "error_message", "tokens_used", "latency_ms",
        ] {
          #expect(waiting.json[name] == .null, "\(name)")
        }
        #expect(waiting.json["metadata"] == .object([]))
      }
    }

    @Test func aLinkOpensTheFileForAShortTime() async throws {
      let clock = TestClock()
      var settings = Shop.settings
      settings.service.now = { clock.now }
      try await Workshop.open(settings) { workshop in
        let job = try await workshop.made(["prompt": "a part"])
        let link = try #require(job.json["download_url"]?.asString)
        // Nobody needs a key for it.
        let file = try await workshop.shop.client.execute(uri: link, method: .get) { Reply($0) }
        #expect(file.status == 200 && file.text == "a part")
        #expect(file.headers[.contentType] == "application/step")
        #expect(file.headers[.contentDisposition]?.contains("part.step") == true)
        let part = try await workshop.call(.get, link, headers: [.range: "bytes=2-3"])
        #expect(part.status == 206 && part.text == "pa")
        #expect(try await workshop.call(.get, link, headers: [.range: "bytes=99-"]).status == 416)
        let forged = link.dropLast() + (link.last == "0" ? "1" : "0")
        let later = link.replacing(/expires=(\d+)/) { "expires=\(Int($0.1)! + 1)" }
        for wrong in [String(forged), later, link.replacing(/\?.*/, with: "")] {
          let reply = try await workshop.call(.get, wrong)
          #expect(reply.status == 404 && reply.body.readableBytes == 0, "\(wrong)")
        }
        clock.advance(600)
        let new = try #require(try await workshop.job(job.jobId!).json["download_url"]?.asString)
        #expect(new != link)
        clock.advance(301)
        let expired = try await workshop.call(.get, link)
        #expect(expired.status == 410 && expired.errorCode == "output_expired")
        #expect(try await workshop.call(.get, new).text == "a part")
      }
    }

    @Test func aLinkOfOneFileOpensNoOther() async throws {
      try await Workshop.open { workshop in
        let first = try #require(try await workshop.made(["prompt": "one"]).json["download_url"]?.asString)
        let second = try #require(try await workshop.made(["prompt": "two"]).json["download_url"]?.asString)
        let mixed = first.split(separator: "?")[0] + "?" + second.split(separator: "?")[1]
        #expect(try await workshop.call(.get, String(mixed)).status == 404)
      }
    }

    @Test func whatTakesTooLongIsATimeout() async throws {
      var settings = Shop.settings
      settings.service.timeout = 0.05
      let stuck = TestGenerator { _, _, _ in
        try await Task.sleep(for: .seconds(600))
        return ""
      }
      try await Workshop.open(settings, credits: 1, generator: stuck) { workshop in
        let job = try await workshop.made(["prompt": "x"])
        #expect(job.json["error_code"] == "sandbox_timeout")
        #expect(try workshop.credits() == 1)
      }
    }

    @Test func whatNobodyExpectedIsAnInternalError() async throws {
      struct Surprise: Error {}
      try await Workshop.open(generator: TestGenerator { _, _, _ in throw Surprise() }) { workshop in
        let job = try await workshop.made(["prompt": "x"])
        #expect(job.json["status"] == "failed")
        #expect(job.json["error_code"] == "internal_error")
        #expect(job.json["error_message"]?.asString?.contains(job.jobId!) == true)
      }
    }
  }
#endif
