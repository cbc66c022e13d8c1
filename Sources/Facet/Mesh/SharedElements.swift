/// The elements of an array while several threads fill it, each at indices of its own.
///
/// The one place where the engine gives up the exclusive-access check: whoever writes through it must not
/// write an index that another chunk reads or writes. Debug builds check bounds.
package struct SharedElements<Element>: @unchecked Sendable {
  package let base: UnsafeMutablePointer<Element>
  package let count: Int

  @inline(__always)
  package init(_ buffer: UnsafeMutableBufferPointer<Element>) {
    // A buffer of no elements may have no address; nothing is ever read through it.
    base = buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)!
    count = buffer.count
  }

  @inline(__always)
  package subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count)
      base[index] = newValue
    }
  }
}

extension Array {
  /// Calls `body` with the array's elements, to be read and written from several threads.
  @inline(__always)
  package mutating func withSharedElements<Result, Failure: Error>(
    _ body: (SharedElements<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
      try body(SharedElements(buffer))
    }
  }
}

extension Array where Element: BitwiseCopyable {
  /// An array of `count` elements that `body` fills, all of them, without zeroing them first.
  ///
  /// - Parameter room: For so many more elements, which can be appended without copying the others.
  package init<Failure: Error>(
    filling count: Int, room: Int = 0, _ body: (SharedElements<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    guard count > 0 else {
      // The empty array is one object for all threads, and the initializer below would write its count.
      self = []
      try body(SharedElements(UnsafeMutableBufferPointer(start: nil, count: 0)))
      return
    }
    var failure: Failure?
    self.init(unsafeUninitializedCapacity: count + room) { buffer, initialized in
      do throws(Failure) {
        try body(SharedElements(UnsafeMutableBufferPointer(rebasing: buffer[..<count])))
        initialized = count
      } catch {
        failure = error
        initialized = 0
      }
    }
    if let failure { throw failure }
  }
}
