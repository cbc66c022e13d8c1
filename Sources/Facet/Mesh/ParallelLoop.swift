import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Deterministic parallel loops. Workers pull chunks from an atomic counter; the chunk size never depends
// on the number of threads, and what chunks return is kept in chunk order. So sums, ids and errors are the
// same on any number of threads.

extension RunContext {
  /// Runs `body` once for each chunk of `0..<count`, on up to ``threads`` threads.
  ///
  /// Polls cancellation before each chunk. When chunks throw, the error of the lowest one is thrown.
  ///
  /// - Parameters:
  ///   - size: Elements a chunk; fix it for the work at hand, never derive it from the thread count.
  ///   - body: Called with the chunk's number and its elements. May be called on other threads.
  package func forEachChunk(
    of count: Int, size: Int, _ body: (_ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void
  ) throws(MeshError) {
    try forEachChunk(of: count, size: size, scratch: { () }) {
      (_: inout Void, chunk, range) throws(MeshError) in try body(chunk, range)
    }
  }

  /// As ``forEachChunk(of:size:_:)``, with a scratch value that each worker makes once and reuses.
  package func forEachChunk<Scratch>(
    of count: Int, size: Int, scratch makeScratch: () -> Scratch,
    _ body: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void
  ) throws(MeshError) {
    precondition(size > 0)
    let chunks = (count + size - 1) / size
    let next = Atomic<Int>(0)
    let failure = Lock<(chunk: Int, error: MeshError)?>(nil)
    let failed = Atomic<Bool>(false)

    func work() {
      var scratch = makeScratch()
      while !failed.load(ordering: .relaxed) {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= chunks { break }
        do throws(MeshError) {
          try checkCancellation()
          try body(&scratch, chunk, chunk * size..<min(count, (chunk + 1) * size))
        } catch {
          failed.store(true, ordering: .relaxed)
          failure.withLock { first in
            if first == nil || chunk < first!.chunk { first = (chunk, error) }
          }
        }
      }
    }
    runOnThreads(min(threads, chunks), work)
    if let first = failure.withLock({ $0 }) { throw first.error }
  }

  /// Runs `body` for each chunk and returns the results in chunk order.
  package func mapChunks<Result>(
    of count: Int, size: Int,
    _ body: (_ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Result
  ) throws(MeshError) -> [Result] {
    let chunks = (count + size - 1) / size
    var results = [Result?](repeating: nil, count: chunks)
    try results.withSharedElements { (slots) throws(MeshError) in
      try forEachChunk(of: count, size: size) { (chunk, range) throws(MeshError) in
        slots[chunk] = try body(chunk, range)
      }
    }
    return results.map { $0! }
  }
}

/// Runs `work` on `count` threads, this one included, and returns when all are done.
func runOnThreads(_ count: Int, _ work: () -> Void) {
  guard count > 1 else {
    if count == 1 { work() }
    return
  }
  withoutActuallyEscaping(work) { work in
    // Every thread is joined below, before `work` goes out of scope; what it shares is atomic, locked or
    // written at indices of its own.
    nonisolated(unsafe) let work = work
    var workers: [pthread_t] = []
    for _ in 1..<count {
      let box = Unmanaged.passRetained(ThreadBody { work() })
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(
        &thread, nil,
        { argument in
          #if canImport(Darwin)
            let pointer = argument
          #else
            let pointer = argument!
          #endif
          Unmanaged<ThreadBody>.fromOpaque(pointer).takeRetainedValue().run()
          return nil
        }, box.toOpaque())
      if status != 0 {
        // No thread to be had: those that run take its chunks.
        box.release()
        break
      }
      #if canImport(Darwin)
        workers.append(thread!)
      #else
        workers.append(thread)
      #endif
    }
    work()
    for worker in workers { pthread_join(worker, nil) }
  }
}

private final class ThreadBody {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
