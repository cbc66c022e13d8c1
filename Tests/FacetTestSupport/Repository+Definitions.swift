import Foundation

extension Repository {
  /// The members of a type that have a documentation comment, and these comments, in one line each.
  ///
  /// - Parameters:
  ///   - type: How the type's declaration begins.
  ///   - path: The file it is in.
  ///   - start: How a member's line begins; members without `=` in that line are left out.
  package static func definitions(
    of type: String, in path: String, each start: String
  ) throws -> [(name: String, text: String)] {
    let body = try text(path).components(separatedBy: type).last!.components(separatedBy: "\n}\n")[0]
    var definitions: [(name: String, text: String)] = []
    var comment: [String] = []
    for line in body.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      if line.hasPrefix("/// ") {
        comment.append(String(line.dropFirst(4)))
      } else if line.hasPrefix(start), line.contains("=") {
        definitions.append(
          (String(line.dropFirst(start.count).prefix { $0.isLetter }), comment.joined(separator: " ")))
        comment = []
      } else {
        comment = []
      }
    }
    return definitions.filter { !$0.text.isEmpty }
  }
}
