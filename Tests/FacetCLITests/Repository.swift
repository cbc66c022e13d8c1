import Foundation

/// The repository that these tests are a part of.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func url(_ path: String) -> URL { root.appending(path: path) }

  static func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

  /// Committed files that are made from definitions are made anew, in place of being checked, when the
  /// environment says `FACET_UPDATE_FILES=1`.
  static let isUpdating = ProcessInfo.processInfo.environment["FACET_UPDATE_FILES"] == "1"
}
