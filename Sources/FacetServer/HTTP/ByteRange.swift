#if Server
  import Foundation

  /// What a `Range` header asks for (RFC 9110, 14).
  enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int>)
    case unsatisfiable

    /// - Parameters:
    ///   - header: nil for none. Other units than bytes, several ranges and what cannot be read count as none.
    ///   - count: The bytes there are.
    init(_ header: String?, of count: Int) {
      self = .whole
      guard let header, header.lowercased().hasPrefix("bytes=") else { return }
      let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard bounds.count == 2, bounds.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), bounds != ["", ""] else {
        return
      }
      // Numbers beyond Int are beyond any file.
      let first = bounds[0].isEmpty ? nil : Int(bounds[0]) ?? .max
      let last = bounds[1].isEmpty ? nil : Int(bounds[1]) ?? .max
      switch (first, last) {
      case (let first?, let last?) where last < first: return
      case (let first?, let last):
        self = first < count ? .part(first...min(last ?? .max, count - 1)) : .unsatisfiable
      case (nil, let length?):
        self = length > 0 && count > 0 ? .part(max(0, count - length)...(count - 1)) : .unsatisfiable
      case (nil, nil): return
      }
    }
  }

  extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
  }
#endif
