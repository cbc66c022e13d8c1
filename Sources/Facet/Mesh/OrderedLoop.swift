#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import Synchronization

extension RunContext {
  /// Runs `work` for the chunks of `0..<count` on several threads, and `inOrder` for one chunk at a time, in
  /// chunk order, as soon as its work is done: read and weld in parallel, number the vertices in file order.
  ///
  /// The same thread calls all three closures of a chunk with the same scratch value, so that what `work` leaves
  /// there is still in its cache. At most one chunk a thread is under way, whatever the count: memory stays
  /// bounded. Polls cancellation, and throws the error of the lowest chunk, as
  /// ``forEachChunk(of:size:scratch:_:)`` does.
  ///
  /// - Parameter afterwards: Called after `inOrder`, in parallel with the other chunks.
  package func forEachChunkInOrder<Scratch>(
    of count: Int, size: Int, scratch makeScratch: () -> Scratch,
    work: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void,
    inOrder: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void,
    afterwards: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void
  ) throws(MeshError) {
    precondition(size > 0)
    let chunks = (count + size - 1) / size
    let next = Atomic<Int>(0)
    let turnstile = Turnstile()

    func step() {
      var scratch = makeScratch()
      while !turnstile.isClosed {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= chunks { break }
        let range = chunk * size..<min(count, (chunk + 1) * size)
        do throws(MeshError) {
          try checkCancellation()
          try work(&scratch, chunk, range)
          guard turnstile.enter(chunk) else { break }
          try inOrder(&scratch, chunk, range)
          turnstile.leave(chunk)
          try afterwards(&scratch, chunk, range)
        } catch {
          turnstile.close(at: chunk, because: error)
        }
      }
    }
    runOnThreads(min(threads, chunks), step)
    if let error = turnstile.error { throw error }
  }

  /// As ``forEachChunkInOrder(of:size:scratch:work:inOrder:afterwards:)`` with nothing to do afterwards.
  package func forEachChunkInOrder<Scratch>(
    of count: Int, size: Int, scratch makeScratch: () -> Scratch,
    work: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void,
    inOrder: (_ scratch: inout Scratch, _ chunk: Int, _ range: Range<Int>) throws(MeshError) -> Void
  ) throws(MeshError) {
    try forEachChunkInOrder(
      of: count, size: size, scratch: makeScratch, work: work, inOrder: inOrder,
      afterwards: { (_, _, _) throws(MeshError) in })
  }
}

/// Lets chunks through one at a time, in order, until one of them fails.
private final class Turnstile: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // All below is read and written with the mutex held.
  private var turn = 0
  private var failure: (chunk: Int, error: MeshError)?

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  var isClosed: Bool { locked { failure != nil } }

  var error: MeshError? { locked { failure?.error } }

  /// Waits for the chunk's turn. False when it will never come, because an earlier chunk failed.
  func enter(_ chunk: Int) -> Bool {
    locked {
      while true {
        // A chunk before the failed one still gets its turn: it may fail too, and the lowest one counts.
        if let failure, failure.chunk < chunk { return false }
        if turn == chunk { return true }
        pthread_cond_wait(changed, mutex)
      }
    }
  }

  func leave(_ chunk: Int) {
    locked {
      turn = chunk + 1
      pthread_cond_broadcast(changed)
    }
  }

  func close(at chunk: Int, because error: MeshError) {
    locked {
      if failure == nil || chunk < failure!.chunk { failure = (chunk, error) }
      pthread_cond_broadcast(changed)
    }
  }
}
