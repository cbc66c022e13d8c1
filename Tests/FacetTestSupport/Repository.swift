import Foundation

/// The repository that these tests are a part of.
package enum Repository {
  package static func url(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: path)
  }

  package static func text(_ path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  /// Committed files that are made from definitions are made anew, in place of being checked, when the
  /// environment says `FACET_UPDATE_FILES=1`.
  package static let isUpdating = ProcessInfo.processInfo.environment["FACET_UPDATE_FILES"] == "1"

  /// The part of a page between two lines `<!-- name -->`, written anew first when files are updated.
  ///
  /// - Returns: nil when there are not just these two lines.
  package static func updatedSection(_ name: String, of path: String, to content: String) throws -> String? {
    let marker = "<!-- \(name) -->\n"
    let parts = try text(path).components(separatedBy: marker)
    guard parts.count == 3 else { return nil }
    guard isUpdating else { return parts[1] }
    try [parts[0], content, parts[2]].joined(separator: marker)
      .write(to: url(path), atomically: true, encoding: .utf8)
    return content
  }
}
