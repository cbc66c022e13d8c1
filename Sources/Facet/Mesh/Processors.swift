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

  /// The machine's memory, bytes.
  public static let physicalMemory: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? pages * size : .max
  }()

  /// Counts the bits of `Cpus_allowed` in `/proc/self/status`: Glibc's `sched_getaffinity` is a GNU
  /// extension that its Swift module does not show.
  private static func allowedProcessors() -> Int? {
    let mask = processStatus("Cpus_allowed")
    let count = mask?.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount } ?? 0
    return count > 0 ? count : nil
  }
}

/// What Linux says of this process under a key of `/proc/self/status`, from the first character that is not
/// blank; nil where there is no such file or key.
package func processStatus(_ key: String) -> Substring? {
  let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let length = read(descriptor, &bytes, bytes.count)
  guard length > 0 else { return nil }
  let text = String(decoding: bytes[..<length], as: UTF8.self)
  let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
  return line?.dropFirst(key.count + 1).drop { $0 == " " || $0 == "\t" }
}
