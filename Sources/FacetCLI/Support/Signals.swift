#if CommandLine
  import Facet
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Ctrl-C and SIGTERM ask the running operation to stop; writers then remove what they have begun.
  enum Signals {
    static let cancellation = Cancellation()
    private static let received = Atomic<Int32>(0)
    private static let count = Atomic<Int>(0)

    static func install() {
      // Handlers may only touch what exists already.
      _ = cancellation
      _ = received.load(ordering: .relaxed)
      _ = count.load(ordering: .relaxed)
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
      #else
        action.__sigaction_handler.sa_handler = handler
      #endif
      // Without SA_RESTART a read from a terminal ends too.
      sigaction(SIGINT, &action, nil)
      sigaction(SIGTERM, &action, nil)
      // Some parents start their children with every signal blocked.
      var both = sigset_t()
      sigemptyset(&both)
      sigaddset(&both, SIGINT)
      sigaddset(&both, SIGTERM)
      pthread_sigmask(SIG_UNBLOCK, &both, nil)
    }

    /// Lets both end the process again, for commands that take care of them otherwise.
    static func useDefaults() {
      signal(SIGINT, SIG_DFL)
      signal(SIGTERM, SIG_DFL)
    }

    private static let handler: @convention(c) (Int32) -> Void = { number in
      Signals.received.store(number, ordering: .relaxed)
      Signals.count.add(1, ordering: .relaxed)
      Signals.cancellation.cancel()
    }

    /// Whether somebody does not want to wait for what is being done: SIGTERM, or Ctrl-C twice.
    static var asksToDrop: Bool {
      received.load(ordering: .relaxed) == SIGTERM || count.load(ordering: .relaxed) > 1
    }

    /// The exit status of a process that a signal ended: 130 for Ctrl-C, 143 for SIGTERM.
    static var exitStatus: Int32? {
      let number = received.load(ordering: .relaxed)
      return number == 0 ? nil : 128 + number
    }
  }
#endif
