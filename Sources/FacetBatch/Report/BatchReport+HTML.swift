#if CommandLine
  import Facet
  import FacetOperations
  import Foundation

  extension BatchReport {
    /// One page that needs nothing else: the template up to where the rows begin, with style and totals in it.
    var pageHead: [UInt8] {
      var page = BatchReport.template
      page.replace("<!--title-->", with: BatchReport.title)
      page.replace("<!--style-->", with: PackageResources.report_css)
      let data = page.range(of: "<!--data-->").lowerBound
      return Array(page[..<data]) + head
    }

    /// A row of the page's data, with what separates it from the one before.
    func pageRow(_ record: BatchRecord, in folder: BatchFolder, isFirst: Bool) -> [UInt8] {
      Array((isFirst ? "\n" : ",\n").utf8) + ReportRow(record, in: folder).json.pageBytes
    }

    /// What follows the rows: the end of the data, and the scripts.
    var pageTail: [UInt8] {
      var page = BatchReport.template
      let end = page.range(of: "<!--data-->").upperBound
      page.removeSubrange(..<end)
      page.replace("<!--script-->", with: BatchReport.scripts.flatMap { $0 + Array("\n".utf8) })
      return Array("]}".utf8) + page
    }

    private static let title = Array("Facet batch".utf8)
    private static var template: [UInt8] { PackageResources.report_html }

    private static var scripts: [[UInt8]] {
      [
        PackageResources.report_columns_js, PackageResources.report_details_js,
        PackageResources.report_pictures_js,
        PackageResources.report_rows_js, PackageResources.report_words_js, PackageResources.report_js,
      ]
    }

    /// The data without their rows: an object whose end is left open.
    private var head: [UInt8] {
      let object = JSONValue.object([
        .init("title", "Facet batch"), .init("version", .string(version)),
        .init("pipeline", .array(pipeline.words.map(JSONValue.string))),
        .init(
          "limits", .object(minimalWallThickness.map { [.init("minimalWallThicknessMm", .number($0))] } ?? [])
        ),
        .init(
          "totals",
          [
            "files": .integer(totals.files), "done": .integer(totals.done), "failed": .integer(totals.failed),
            "stopped": .integer(totals.stopped), "missing": .integer(totals.missing),
            "bytes": .integer(totals.bytes),
          ]),
      ])
      return object.pageBytes.dropLast() + Array(",\"rows\":[".utf8)
    }

    private var minimalWallThickness: Double? {
      pipeline.steps.lazy.compactMap { $0.arguments.value("minimalWallThicknessMm")?.asNumber }.first
    }
  }

  extension JSONValue {
    /// JSON text for inside a script element, which a `</script>` in a string would end.
    fileprivate var pageBytes: [UInt8] {
      var bytes: [UInt8] = []
      for byte in text().utf8 {
        if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) }
      }
      return bytes
    }
  }

  extension [UInt8] {
    /// Where a mark stands, of which the template has one.
    fileprivate func range(of mark: String) -> Range<Int> {
      guard let range = firstRange(of: Array(mark.utf8)) else {
        preconditionFailure("the page has no \(mark)")
      }
      return range
    }

    fileprivate mutating func replace(_ mark: String, with bytes: [UInt8]) {
      replaceSubrange(range(of: mark), with: bytes)
    }
  }
#endif
