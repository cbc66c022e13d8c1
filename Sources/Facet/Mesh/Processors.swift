#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension RunContext {
  /// Processors that this process may run on; on Linux its affinity mask, so `taskset` and cpusets count.
  public static let processors = allowedProcessors() ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Counts the bits of `Cpus_allowed` in `/proc/self/status`: Glibc's `sched_getaffinity` is a GNU
  /// extension that its Swift module does not show.
  private static func allowedProcessors() -> Int? {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let length = read(descriptor, &bytes, bytes.count)
    guard length > 0 else { return nil }
    let text = String(decoding: bytes[..<length], as: UTF8.self)
    let key = "Cpus_allowed:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let count = line.dropFirst(key.count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
    return count > 0 ? count : nil
  }
}
