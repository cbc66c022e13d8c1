#if Server
  import Foundation

  /// What a part of a multipart body says of itself.
  struct MultipartHead: Sendable {
    /// Of the field; nil where a part has none.
    let name: String?
    /// nil for a field that is no file.
    let fileName: String?

    /// - Parameter text: The part's header lines.
    init(_ text: String) {
      let disposition = text.split(separator: "\r\n").lazy
        .map { $0.split(separator: ":", maxSplits: 1) }
        .first { $0.count == 2 && $0[0].lowercased() == "content-disposition" }
      guard let disposition else {
        (name, fileName) = (nil, nil)
        return
      }
      let parameters = HeaderParameters(String(disposition[1]))
      name = parameters["name"]
      fileName = parameters.extended("filename") ?? parameters["filename"].map(MultipartHead.decoded)
    }

    /// A name as .NET writes one that is not ASCII: `=?utf-8?B?…?=` (RFC 2047).
    private static func decoded(_ name: String) -> String {
      guard let word = name.wholeMatch(of: /=\?utf-8\?b\?([a-z0-9+\/=]*)\?=/.ignoresCase()),
        let bytes = Data(base64Encoded: String(word.1))
      else { return name }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// A header's parameters: `form-data; name="file"; filename="x.stl"`. Names in any case, values with or without
  /// quotation marks.
  struct HeaderParameters {
    let value: String
    private var parameters: [String: String] = [:]

    init(_ header: String) {
      var pieces: [String] = [""]
      var isQuoted = false
      var isEscaped = false
      for character in header {
        if isEscaped {
          pieces[pieces.count - 1].append(character)
          isEscaped = false
        } else if isQuoted, character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isQuoted.toggle()
        } else if character == ";", !isQuoted {
          pieces.append("")
        } else {
          pieces[pieces.count - 1].append(character)
        }
      }
      value = pieces[0].trimmingCharacters(in: .whitespaces).lowercased()
      for piece in pieces.dropFirst() {
        let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { continue }
        parameters[halves[0].trimmingCharacters(in: .whitespaces).lowercased()] =
          halves[1].trimmingCharacters(in: .whitespaces)
      }
    }

    subscript(name: String) -> String? { parameters[name] }

    /// A value in the form of RFC 8187: `filename*=UTF-8''na%C3%AFve.stl`.
    func extended(_ name: String) -> String? {
      guard let value = parameters[name + "*"], let start = value.range(of: "''") else { return nil }
      return String(value[start.upperBound...]).removingPercentEncoding
    }
  }
#endif
