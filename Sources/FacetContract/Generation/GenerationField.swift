import FacetOperations

/// A field of a generation request: what it must be.
public struct GenerationField: Sendable, Hashable {
  public let name: String
  public let isRequired: Bool
  public let rule: Rule

  public enum Rule: Sendable, Hashable {
    /// A string of so many characters.
    case text(ClosedRange<Int>)
    /// One of these words, exactly so written.
    case words([String])
    /// An https address.
    case callback
    /// A JSON object.
    case object
    /// A string that holds a JSON object; whoever reads the request gives the object it found.
    case objectInText
  }

  init(_ name: String, required: Bool = false, _ rule: Rule) {
    self.name = name
    isRequired = required
    self.rule = rule
  }

  /// What is wrong with a value that is there, in the words of the error; nil when nothing is.
  func problem(_ value: JSONValue, _ settings: GenerationSettings) -> String? {
    switch rule {
    case .text(let range):
      guard let text = value.asString else { return "\(name) must be a string" }
      let count = text.unicodeScalars.count
      if count > range.upperBound { return "\(name) must be at most \(range.upperBound) characters" }
      if count < range.lowerBound {
        return "\(name) must be at least \(range.lowerBound) character\(range.lowerBound == 1 ? "" : "s")"
      }
    case .words(let words):
      guard let word = value.asString, words.contains(word) else {
        return "\(name) must be one of \(words.joined(separator: ", "))"
      }
    case .callback:
      guard let text = value.asString, let address = WebAddress(text),
        address.isSecure || settings.allowsLoopbackCallbacks && address.isLoopback
      else {
        return "\(name) must be an https URL"
      }
    case .object:
      guard value.asMembers != nil else { return "\(name) must be a JSON object" }
    case .objectInText:
      guard value.asMembers != nil else { return "\(name) must be a string that holds a JSON object" }
    }
    return nil
  }
}
