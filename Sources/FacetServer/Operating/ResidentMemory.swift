#if Server
  import Foundation

  /// What the process has in memory.
  enum ResidentMemory {
    /// 0 where the system does not tell.
    static var bytes: Int {
      guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
      let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
  }
#endif
