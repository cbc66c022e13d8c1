import FacetContract
import Testing

/// The documentation's list of error codes, letter by letter.
enum DocumentedCodes {
  static let all: [(code: Int, text: String)] = [
    (
      10,
      "Server error."
    ),
    (
      11,
      "Temporary error. Please retry later or contact us {email} if error persists."
    ),
    (
      12,
      "Access denied"
    ),
    (
      13,
      "Invalid request format. One or more of the parameters supplied for the requested method "
        + "are invalid. (Example: string provided instead of number, etc.). The parameters with "
        + "the wrong value will be provided in the message in the format: The value supplied for "
        + "parameter '{0}' is invalid."
    ),
    (
      50,
      "Currently only Stl files are supported."
    ),
    (
      51,
      "File is too big. File was not saved."
    ),
    (
      52,
      "File was not found or you are not the owner of the file. File id {file id}"
    ),
    (
      53,
      "File Content is empty"
    ),
    (
      54,
      "Chunk is too big"
    ),
    (
      55,
      "Chunked upload commit error. See details in error message."
    ),
    (
      56,
      "Chunk is empty"
    ),
    (
      57,
      "File with id {id} already exists. If you try to upload a chunk or commit a chunked "
        + "upload using a file id of an existing file (of either a regular file upload or a "
        + "committed chunked upload), you’ll receive this error to prevent from corrupting an "
        + "existing file."
    ),
    (
      60,
      "User subscription has expired."
    ),
    (
      61,
      "Reached limit of upload operations for this subscription."
    ),
    (
      70,
      "Operation request failed. In case there is no concrete error API raises this error"
    ),
    (
      71,
      "Operation was not found or you are not the owner of the operation. Operation id {id}."
    ),
    (
      72,
      "A timeout occurred while processing your file. Your file may be too big or complex."
    ),
    (
      73,
      "Operation with {0} has not been finished yet."
    ),
    (
      74,
      "The operation has failed for unknown reasons. The operation has failed with an "
        + "unhandled error. Retry the operation or contact us for details."
    ),
    (
      200,
      "Unsupported Measurement units"
    ),
    (
      201,
      "An error has occured while trying to convert your model. It may be too large or it may "
        + "not be a valid 3D model. Possible causes include: the model is too large (contains more "
        + "than 5 million triangles), the file doesn’t contain a 3D model, but a 2D image/texture."
    ),
    (
      202,
      "Your file doesn't seem to contain a valid 3D model. Please, check your file, it might "
        + "be corrupt or unsupported. Usually means the file didn’t contain any recognized "
        + "geometries, for example if the file is corrupt or has an invalid format."
    ),
    (
      300,
      "Wrong minimal wall thickness. Value should be not less than 0.1 mm. but not more than "
        + "20 mm."
    ),
    (
      301,
      "Wrong accuracy wall thickness value. Value should be only one of predefined value "
        + "values (see Wall Thickness Analysis Operation)"
    ),
    (
      302,
      "The model is too big. Please scale it down. One of the model dimensions is too big. "
        + "Scale it down. Dimension size should not exceed 500 mm."
    ),
    (
      400,
      "Scale value is not in appropriate range. Value should in range 0.01 – 10000"
    ),
    (
      401,
      "Axis is incorrect. Value should be only one of predefined value values (X, Y, Z)"
    ),
    (
      500,
      "Wrong thumbnail size. The width and height should be not less than 10 px. but not more "
        + "than 10000 px."
    ),
    (
      501,
      "Wrong camera angle. Value should be in range from -180 to 180 degree."
    ),
    (
      600,
      "Accuracy level is incorrect. Value should be Rough, Smooth or Detailed."
    ),
    (
      700,
      "The parameter Accuracy (mm) is invalid: expecting a floating point value between 0 and "
        + "10 mm. The value should be a floating point number between 0 and 10."
    ),
    (
      701,
      "The parameter Max Angle is invalid: expecting a value between 0 and 90. The value "
        + "should be an integer number between 0 and 90."
    ),
    (
      702,
      "The parameter Number of Iterations is invalid: expecting a value between 1 and 1000. "
        + "The value should be an integer number between 1 and 1000."
    ),
    (
      800,
      "The parameter Wall Thickness is invalid: expecting floating point values between 1 and "
        + "20. The value should be a floating point number between 1 and 20 (inclusive)."
    ),
    (
      900,
      "Export file format is not supported. File format {0}"
    ),
  ]

  /// What the documentation says about a message and is no part of it.
  static let remarks: [Int: String] = [
    13: "(Example: string provided instead of number, etc.). The parameters with the wrong value will be "
      + "provided in the message in the format: ",
    55: "See details in error message.",
    70: " In case there is no concrete error API raises this error",
  ]

  /// The text of a code, without remarks, with something in its open place.
  static func text(_ code: Int, filledWith value: String = "") -> String {
    var text = all.first { $0.code == code }?.text ?? ""
    if let remark = remarks[code] {
      // The details of 55 stand where the remark about them is.
      text = text.replacing(remark, with: code == 55 ? value : "")
    }
    for place in ["{0}", "{id}", "{file id}", "{email}"] {
      text = text.replacing(place, with: value)
    }
    return text
  }
}

@Suite struct ToolkitMessageTests {
  @Test func theNumbersAreTheDocumentedOnes() {
    #expect(DocumentedCodes.all.count == 35)
    #expect(ToolkitError.Code.allCases.map(\.rawValue) == DocumentedCodes.all.map(\.code))
  }

  @Test(arguments: ToolkitExamples.all)
  func theTextIsTheDocumentedOne(example: ToolkitExamples.Example) {
    let expected = DocumentedCodes.text(example.error.code.rawValue, filledWith: example.value)
    #expect(example.error.message == expected)
    #expect(!expected.contains("{") && !expected.isEmpty)
  }

  @Test func withoutAnAddressTheTextLeavesItOut() {
    #expect(
      ToolkitError.temporaryError(contact: nil).message
        == "Temporary error. Please retry later or contact us if error persists.")
  }

  @Test(arguments: ToolkitExamples.all)
  func theErrorIsJSONOfCodeAndMessage(example: ToolkitExamples.Example) {
    let failure = ToolkitFailure(example.error)
    #expect(
      failure.json == [
        "errors": [
          ["code": .integer(example.error.code.rawValue), "message": .string(example.error.message)]
        ]
      ])
  }

  @Test func aDetailFollowsTheText() {
    let failure = ToolkitFailure(.fileEmpty, detail: "byte 0")
    #expect(
      failure.json.text() == #"{"errors":[{"code":53,"message":"File Content is empty (byte 0)"}]}"#)
  }

  @Test func severalErrorsAreSeveralEntriesAndTheFirstDecides() throws {
    let failure = try #require(
      ToolkitFailure([.init(.operationNotFound(id: "a")), .init(.temporaryError(contact: nil))]))
    #expect(failure.json["errors"] == .array(failure.entries.map(\.json)))
    #expect(failure.entries.count == 2)
    #expect(failure.httpStatus == 404)
    #expect(failure.exitStatus == .wrongRequest)
    #expect(ToolkitFailure([]) == nil)
  }
}
