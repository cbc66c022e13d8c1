#if CommandLine
  import Facet
  import FacetOperations
  import Foundation

  extension BatchReport {
    /// One page that needs nothing else: template, style and scripts from `Page`, the records and their pictures in it.
    func writeHTML(to sink: ByteSink, keepsTimings: Bool) throws(MeshError) {
      let scripts = BatchReport.scripts.flatMap { $0 + Array("\n".utf8) }
      let parts: [(mark: String, write: (ByteSink) throws(MeshError) -> Void)] = [
        ("<!--title-->", { (sink) throws(MeshError) in try sink.write(Array(BatchReport.title.utf8)) }),
        ("<!--style-->", { (sink) throws(MeshError) in try sink.write(PackageResources.report_css) }),
        (
          "<!--data-->",
          { (sink) throws(MeshError) in try writeData(to: sink, keepsTimings: keepsTimings) }
        ),
        ("<!--script-->", { (sink) throws(MeshError) in try sink.write(scripts) }),
      ]
      var rest = String(decoding: PackageResources.report_html, as: UTF8.self)[...]
      for part in parts {
        guard let mark = rest.range(of: part.mark) else {
          preconditionFailure("the page has no \(part.mark), or not in this order")
        }
        try sink.write(Array(rest[..<mark.lowerBound].utf8))
        try part.write(sink)
        rest = rest[mark.upperBound...]
      }
      try sink.write(Array(rest.utf8))
    }

    private static let title = "Facet batch"

    private static var scripts: [[UInt8]] {
      [
        PackageResources.report_columns_js, PackageResources.report_details_js,
        PackageResources.report_pictures_js,
        PackageResources.report_rows_js, PackageResources.report_words_js, PackageResources.report_js,
      ]
    }

    /// The data of the page: one JSON object, a row after the other.
    private func writeData(to sink: ByteSink, keepsTimings: Bool) throws(MeshError) {
      var head = JSONValue.object([
        .init("title", .string(BatchReport.title)), .init("version", .string(version)),
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
      ]).pageText
      head.removeLast()
      try sink.write(Array((head + ",\"rows\":[").utf8))
      var isFirst = true
      try forEachRecord(keepsTimings: keepsTimings) { (record, folder) throws(MeshError) in
        let row = ReportRow(record, in: folder).json.pageText
        try sink.write(Array(((isFirst ? "\n" : ",\n") + row).utf8))
        isFirst = false
      }
      try sink.write(Array("]}".utf8))
    }

    private var minimalWallThickness: Double? {
      pipeline.steps.lazy.compactMap { $0.arguments.value("minimalWallThicknessMm")?.asNumber }.first
    }
  }

  extension JSONValue {
    /// JSON text for inside a script element, which a `</script>` in a string would end.
    fileprivate var pageText: String {
      text().split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    }
  }
#endif
