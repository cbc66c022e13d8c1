extension ToolkitError {
  /// The documented text, letter by letter, with what it leaves open filled in.
  ///
  /// The documentation runs a code's text and its explanation together. Both are shown, for people read
  /// them; left out is only what speaks *about* the message to the reader of the documentation:
  /// - 13: "(Example: string provided instead of number, etc.). The parameters with the wrong value will be
  ///   provided in the message in the format:"; the sentence it announces follows.
  /// - 55: "See details in error message."; the details stand in its place.
  /// - 70: "In case there is no concrete error API raises this error".
  ///
  /// Ours: without a contact address, the text of 11 leaves the address out.
  public var message: String {
    switch self {
    case .serverError:
      "Server error."
    case .temporaryError(let contact?):
      "Temporary error. Please retry later or contact us \(contact) if error persists."
    case .temporaryError(nil):
      "Temporary error. Please retry later or contact us if error persists."
    case .accessDenied:
      "Access denied"
    case .invalidParameter(let name):
      "Invalid request format. One or more of the parameters supplied for the requested method are "
        + "invalid. The value supplied for parameter '\(name)' is invalid."

    case .notAnSTLFile:
      "Currently only Stl files are supported."
    case .fileTooBig:
      "File is too big. File was not saved."
    case .fileNotFound(let id):
      "File was not found or you are not the owner of the file. File id \(id)"
    case .fileEmpty:
      "File Content is empty"
    case .chunkTooBig:
      "Chunk is too big"
    case .chunkedUploadCommit(let details):
      "Chunked upload commit error. \(details)"
    case .chunkEmpty:
      "Chunk is empty"
    case .fileExists(let id):
      "File with id \(id) already exists. If you try to upload a chunk or commit a chunked upload using a "
        + "file id of an existing file (of either a regular file upload or a committed chunked upload), "
        + "you’ll receive this error to prevent from corrupting an existing file."

    case .subscriptionExpired:
      "User subscription has expired."
    case .uploadLimitReached:
      "Reached limit of upload operations for this subscription."

    case .operationRequestFailed:
      "Operation request failed."
    case .operationNotFound(let id):
      "Operation was not found or you are not the owner of the operation. Operation id \(id)."
    case .timeout:
      "A timeout occurred while processing your file. Your file may be too big or complex."
    case .operationNotFinished(let operation):
      "Operation with \(operation) has not been finished yet."
    case .operationFailed:
      "The operation has failed for unknown reasons. The operation has failed with an unhandled error. "
        + "Retry the operation or contact us for details."

    case .unsupportedMeasurementUnits:
      "Unsupported Measurement units"
    case .conversionFailed:
      "An error has occured while trying to convert your model. It may be too large or it may not be a "
        + "valid 3D model. Possible causes include: the model is too large (contains more than 5 million "
        + "triangles), the file doesn’t contain a 3D model, but a 2D image/texture."
    case .noValidModel:
      "Your file doesn't seem to contain a valid 3D model. Please, check your file, it might be corrupt or "
        + "unsupported. Usually means the file didn’t contain any recognized geometries, for example if "
        + "the file is corrupt or has an invalid format."

    case .wrongMinimalWallThickness:
      "Wrong minimal wall thickness. Value should be not less than 0.1 mm. but not more than 20 mm."
    case .wrongAccuracyWallThickness:
      "Wrong accuracy wall thickness value. Value should be only one of predefined value values (see Wall "
        + "Thickness Analysis Operation)"
    case .modelTooBig:
      "The model is too big. Please scale it down. One of the model dimensions is too big. Scale it down. "
        + "Dimension size should not exceed 500 mm."
    case .scaleOutOfRange:
      "Scale value is not in appropriate range. Value should in range 0.01 – 10000"
    case .wrongAxis:
      "Axis is incorrect. Value should be only one of predefined value values (X, Y, Z)"
    case .wrongThumbnailSize:
      "Wrong thumbnail size. The width and height should be not less than 10 px. but not more than 10000 px."
    case .wrongCameraAngle:
      "Wrong camera angle. Value should be in range from -180 to 180 degree."
    case .wrongAccuracyLevel:
      "Accuracy level is incorrect. Value should be Rough, Smooth or Detailed."
    case .invalidAccuracyMm:
      "The parameter Accuracy (mm) is invalid: expecting a floating point value between 0 and 10 mm. The "
        + "value should be a floating point number between 0 and 10."
    case .invalidMaxAngle:
      "The parameter Max Angle is invalid: expecting a value between 0 and 90. The value should be an "
        + "integer number between 0 and 90."
    case .invalidNumberOfIterations:
      "The parameter Number of Iterations is invalid: expecting a value between 1 and 1000. The value "
        + "should be an integer number between 1 and 1000."
    case .invalidWallThickness:
      "The parameter Wall Thickness is invalid: expecting floating point values between 1 and 20. The "
        + "value should be a floating point number between 1 and 20 (inclusive)."
    case .unsupportedExportFormat(let format):
      "Export file format is not supported. File format \(format)"
    }
  }
}
