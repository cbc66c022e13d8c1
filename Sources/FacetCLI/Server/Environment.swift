#if Server
  import Foundation

  /// Options that the environment may give: `--max-file-size` is `FACET_MAX_FILE_SIZE`.
  enum Environment {
    static func text(_ option: String, _ given: String?) -> String? {
      given ?? ProcessInfo.processInfo.environment[name(option)].flatMap { $0.isEmpty ? nil : $0 }
    }

    static func value<Value>(_ option: String, _ given: Value?, _ read: (String) -> Value?) throws -> Value? {
      if let given { return given }
      guard let text = text(option, nil) else { return nil }
      guard let value = read(text) else {
        throw Failure.usage("\(name(option)) is '\(text)'", argument: option)
      }
      return value
    }

    static func flag(_ option: String, _ given: Bool) -> Bool {
      given || ["1", "true", "yes", "on"].contains(text(option, nil)?.lowercased() ?? "")
    }

    private static func name(_ option: String) -> String {
      "FACET_" + option.uppercased().replacing("-", with: "_")
    }
  }
#endif
