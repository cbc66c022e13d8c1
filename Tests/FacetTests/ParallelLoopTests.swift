import Facet
import Testing

@Suite struct ParallelLoopTests {
  @Test(arguments: [1, 2, 7]) func chunksCoverEveryElementOnce(threads: Int) throws {
    let run = RunContext(threads: threads)
    var hits = [Int](repeating: 0, count: 1003)
    try hits.withSharedElements { (hits) throws(MeshError) in
      try run.forEachChunk(of: 1003, size: 10) { _, range in
        for i in range { hits[i] += 1 }
      }
    }
    #expect(hits.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [1, 2, 7]) func resultsComeInChunkOrder(threads: Int) throws {
    let sums = try RunContext(threads: threads).mapChunks(of: 25, size: 10) { chunk, range in
      range.reduce(0, +) + chunk * 1000
    }
    #expect(sums == [45, 145 + 1000, 110 + 2000])
  }

  @Test(arguments: [1, 2, 7]) func theLowestChunksErrorIsThrown(threads: Int) {
    #expect(throws: MeshError.nonFinitePosition(vertex: 3)) {
      try RunContext(threads: threads).forEachChunk(of: 100, size: 1) { (chunk, _) throws(MeshError) in
        if chunk >= 3 { throw .nonFinitePosition(vertex: chunk) }
      }
    }
  }

  @Test func cancellationStopsTheLoop() {
    let cancellation = Cancellation()
    let run = RunContext(threads: 2, cancellation: cancellation)
    #expect(throws: MeshError.cancelled) {
      try run.forEachChunk(of: 1_000_000, size: 1) { chunk, _ in
        if chunk == 100 { cancellation.cancel() }
      }
    }
  }

  @Test func nothingToDoIsDone() throws {
    try RunContext(threads: 4).forEachChunk(of: 0, size: 8) { _, _ in Issue.record("called") }
  }
}
