import FacetContract
import FacetTestSupport
import Foundation
import Testing

/// The page of codes lists every one of both APIs as it is.
@Suite(.serialized) struct CodePageTests {
  private static let page = "Sources/FacetContract/FacetContract.docc/Codes.md"

  @Test func theCodesOfTheToolkitAPI() throws {
    var table = "| code | text | HTTP status | exit status |\n|---:|---|---:|---:|\n"
    for code in ToolkitError.Code.allCases {
      let errors = ToolkitExamples.all.map(\.error).filter { $0.code == code }
      let statuses = Set(errors.map(\.httpStatus)).sorted().map(String.init).joined(separator: ", ")
      let error = try #require(errors.first)
      let value = try #require(ToolkitExamples.all.first { $0.error == error }).value
      let text = value.isEmpty ? error.message : error.message.replacingOccurrences(of: value, with: "…")
      table += "| \(code.rawValue) | \(text) | \(statuses) | \(error.exitStatus.rawValue) |\n"
    }
    #expect(try Repository.updatedSection("toolkit", of: CodePageTests.page, to: table) == table)
  }

  @Test func theCodesOfTheGenerationAPI() throws {
    let examples: [GenerationError] = [
      .invalidAPIKey, .paymentRequired(neededCredits: 2, remainingCredits: 1), .outputExpired,
      .invalidInput("prompt must be at most 5000 characters"),
      .imageParseFailed("image 1 is not a PNG, JPEG, WebP or GIF"), .quotaExceeded(retryAfterSeconds: 30),
    ]
    var table = "| code | text, for example | HTTP status |\n|---|---|---:|\n"
    for code in GenerationError.Code.allCases {
      let error = try #require(examples.first { $0.code == code })
      table += "| `\(code.rawValue)` | \(try #require(error.message)) | \(error.httpStatus) |\n"
    }
    #expect(try Repository.updatedSection("generation", of: CodePageTests.page, to: table) == table)
  }

  @Test func theCodesOfItsJobs() throws {
    var table = "| code | text |\n|---|---|\n"
    for code in GenerationJobError.Code.allCases {
      table += "| `\(code.rawValue)` | \(GenerationJobError(code).message) |\n"
    }
    #expect(try Repository.updatedSection("jobs", of: CodePageTests.page, to: table) == table)
  }
}
