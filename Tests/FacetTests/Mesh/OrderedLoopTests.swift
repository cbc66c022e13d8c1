import Facet
import Synchronization
import Testing

/// What a run reports, in order.
final class ProgressLog: Sendable {
  private let log = Lock<[Double]>([])
  func add(_ value: Double) { log.withLock { $0.append(value) } }
  var values: [Double] { log.withLock { $0 } }
}

@Suite struct OrderedLoopTests {
  @Test(arguments: [1, 2, 7]) func inOrderRunsInOrderAfterItsOwnWork(threads: Int) throws {
    var order: [Int] = []
    let afterwards = Atomic<Int>(0)
    try RunContext(threads: threads).forEachChunkInOrder(of: 1003, size: 10) {
      -1
    } work: { (scratch, chunk, range) throws(MeshError) in
      scratch = chunk
      #expect(range == chunk * 10..<min(1003, chunk * 10 + 10))
    } inOrder: { (scratch, chunk, _) throws(MeshError) in
      #expect(scratch == chunk)
      order.append(chunk)
    } afterwards: { (scratch, chunk, _) throws(MeshError) in
      #expect(scratch == chunk)
      afterwards.add(chunk, ordering: .relaxed)
    }
    #expect(order == Array(0..<101))
    #expect(afterwards.load(ordering: .relaxed) == 5050)
  }

  @Test(arguments: [1, 2, 7]) func theLowestChunksErrorIsThrownWhereverItFails(threads: Int) {
    let run = RunContext(threads: threads)
    for stage in 0..<3 {
      var passed: [Int] = []
      #expect(throws: MeshError.nonFinitePosition(vertex: 5), "stage \(stage)") {
        try run.forEachChunkInOrder(of: 100, size: 1) {
          ()
        } work: { (_, chunk, _) throws(MeshError) in
          if stage == 0 && chunk >= 5 { throw .nonFinitePosition(vertex: chunk) }
        } inOrder: { (_, chunk, _) throws(MeshError) in
          if stage == 1 && chunk >= 5 { throw .nonFinitePosition(vertex: chunk) }
          passed.append(chunk)
        } afterwards: { (_, chunk, _) throws(MeshError) in
          if stage == 2 && chunk == 5 { throw .nonFinitePosition(vertex: chunk) }
        }
      }
      #expect(Array(passed.prefix(5)) == [0, 1, 2, 3, 4])
      if stage < 2 { #expect(passed.count == 5) }
    }
  }

  @Test(arguments: [1, 2, 7]) func cancellationFreesThoseWhoWait(threads: Int) {
    let cancellation = Cancellation()
    #expect(throws: MeshError.cancelled) {
      try RunContext(threads: threads, cancellation: cancellation).forEachChunkInOrder(
        of: 100_000, size: 1
      ) {
        ()
      } work: { (_, chunk, _) throws(MeshError) in
        if chunk == 50 { cancellation.cancel() }
      } inOrder: { (_, _, _) throws(MeshError) in
      }
    }
  }
}
