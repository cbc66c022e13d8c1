import Facet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The most memory that this process has held at once since ``reset()``.
enum PeakMemory {
  /// Begins anew. Where the kernel offers no reset (elsewhere than on Linux), the peak is that of the whole
  /// process: an upper bound.
  static func reset() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // 5 resets VmHWM to the present size: proc_pid_clear_refs(5).
    var command = UInt8(ascii: "5")
    _ = write(descriptor, &command, 1)
  }

  /// In bytes: resident pages, shared ones of the file cache not counted.
  static var bytes: Int {
    if let kilobytes = highWaterMark() { return kilobytes * 1024 }
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #else
      getrusage(__rusage_who_t(Int32(0)), &usage)
      return Int(usage.ru_maxrss) * 1024
    #endif
  }

  private static func highWaterMark() -> Int? {
    processStatus("VmHWM")?.split(separator: " ").first.flatMap { Int($0) }
  }
}
