#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks the system to back memory that has not been touched yet with large pages, where it has them.
///
/// A table of some megabytes that is looked up at random spends more time on finding 4 kB pages than on the
/// memory itself, and fresh pages cost a fault each. Only whole large pages inside the buffer are affected, and
/// nothing but the speed.
package func adviseLargePages(_ buffer: UnsafeMutableRawBufferPointer) {
  #if os(Linux)
    let page = 2 << 20
    guard let base = buffer.baseAddress, buffer.count >= 2 * page else { return }
    let start = (Int(bitPattern: base) + page - 1) & ~(page - 1)
    let end = (Int(bitPattern: base) + buffer.count) & ~(page - 1)
    guard end > start else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_HUGEPAGE))
  #endif
}
