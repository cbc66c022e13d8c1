#if Server
  @testable import FacetService
  import Foundation
  import Testing

  @Suite struct FairQueueTests {
    private static func job(_ account: String, _ number: Int) -> Job {
      Job(
        id: "\(account)\(number)", account: account, name: "analyze", request: "", input: nil, state: .queued,
        attempts: 0, callbackURL: nil, createdAt: Date())
    }

    @Test func accountsTakeTurnsAndEachKeepsItsOrder() {
      var queue = FairQueue()
      for number in 0..<4 { queue.add(Self.job("a", number)) }
      for number in 0..<2 { queue.add(Self.job("b", number)) }
      queue.add(Self.job("c", 0))
      var order: [String] = []
      while let job = queue.next() {
        order.append(job.id)
        queue.finished(job)
      }
      #expect(order == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"])
      #expect(queue.count == 0)
    }

    @Test func whoHasLessRunningComesFirst() {
      var queue = FairQueue()
      for number in 0..<3 { queue.add(Self.job("a", number)) }
      let first = queue.next()
      let second = queue.next()
      queue.add(Self.job("b", 0))
      #expect(queue.next()?.id == "b0")
      if let first { queue.finished(first) }
      if let second { queue.finished(second) }
      #expect(queue.next()?.id == "a2")
      #expect(queue.next()?.id == nil)
    }
  }

#endif
