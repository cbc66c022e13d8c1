import FacetContract
import FacetOperations
import Testing

@Suite struct GenerationContractTests {
  private func text(_ body: JSONValue, _ settings: GenerationSettings = .init()) -> GenerationError? {
    do throws(GenerationError) {
      _ = try GenerationContract.textToCAD(body, settings)
      return nil
    } catch {
      return error
    }
  }

  private func images(_ fields: JSONValue, _ images: [ImageUpload]) -> GenerationError? {
    do throws(GenerationError) {
      _ = try GenerationContract.imageToCAD(fields, images: images)
      return nil
    } catch {
      return error
    }
  }

  static let png = ImageUpload(
    byteCount: 100, firstBytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])

  // MARK: Text

  @Test func aFullRequestIsTakenAsItIs() throws {
    let request = try GenerationContract.textToCAD([
      "prompt": "a plate 80 × 40 × 5 mm", "design_mode": "pro", "output_format": "3MF",
      "callback_url": "https://example.com/hook", "metadata": ["order": 7], "unknown": true,
    ])
    #expect(request.source == .text(prompt: "a plate 80 × 40 × 5 mm"))
    #expect(request.designMode == .pro)
    #expect(request.outputFormat == .threeMF)
    #expect(request.callbackURL == "https://example.com/hook")
    #expect(request.metadata == ["order": 7])
  }

  @Test func theDefaultsAreStandardAndSTEP() throws {
    let request = try GenerationContract.textToCAD([
      "prompt": "x", "design_mode": nil, "metadata": nil, "callback_url": nil,
    ])
    #expect(request.designMode == .standard)
    #expect(request.outputFormat == .step)
    #expect(request.callbackURL == nil)
    #expect(request.metadata == nil)
  }

  @Test func aPromptHas1To5000Characters() {
    func prompt(_ count: Int, _ character: String = "a") -> JSONValue {
      ["prompt": .string(String(repeating: character, count: count))]
    }
    #expect(text(prompt(1)) == nil)
    #expect(text(prompt(5000)) == nil)
    #expect(text(prompt(5000, "ø")) == nil)
    #expect(text(prompt(5001)) == .invalidInput("prompt must be at most 5000 characters"))
    #expect(text(prompt(0)) == .invalidInput("prompt must be at least 1 character"))
    // Counted as Unicode scalars: e and its accent are two.
    #expect(text(prompt(2501, "e\u{301}")) == .invalidInput("prompt must be at most 5000 characters"))
    #expect(text([:]) == .invalidInput("prompt is required"))
    #expect(text(["prompt": nil]) == .invalidInput("prompt is required"))
    #expect(text(["prompt": 5]) == .invalidInput("prompt must be a string"))
  }

  @Test func theFieldAtFaultIsNamed() {
    #expect(
      text(["prompt": "x", "design_mode": "Pro"])
        == .invalidInput("design_mode must be one of standard, pro, assembly"))
    #expect(
      text(["prompt": "x", "output_format": "stl"])
        == .invalidInput("output_format must be one of STEP, STL, GLB, 3MF"))
    #expect(text(["prompt": "x", "metadata": "{}"]) == .invalidInput("metadata must be a JSON object"))
    #expect(text(["prompt": "x", "metadata": []]) == .invalidInput("metadata must be a JSON object"))
    #expect(text(["prompt": "x", "design_mode": 1]) != nil)
    #expect(
      text(["design_mode": "x", "metadata": 1])
        == .invalidInput(
          "prompt is required; design_mode must be one of standard, pro, assembly; "
            + "metadata must be a JSON object"))
    #expect(text("prompt") == .invalidInput("the request body must be a JSON object"))
  }

  @Test(arguments: [
    ("https://example.com/a", true, true), ("http://example.com/a", false, false),
    ("http://localhost:8000/a", false, true), ("http://127.0.0.1/a", false, true),
    ("http://[::1]:9/", false, true), ("http://127.evil.com/", false, false),
    ("http://127.0.0.1.evil.com/", false, false), ("http://localhost@evil.com/", false, false),
    ("http://localhost.evil.com/", false, false), ("http://evil.com#@localhost/", false, false),
    ("http://evil.com\\@localhost/", false, false), ("https://", false, false), ("", false, false),
  ])
  func callbacksAreHTTPSAndLoopbackOnlyWhenAllowed(
    address: String, isAllowed: Bool, isAllowedOnLoopback: Bool
  ) {
    let body: JSONValue = ["prompt": "x", "callback_url": .string(address)]
    let refusal = GenerationError.invalidInput("callback_url must be an https URL")
    #expect(text(body) == (isAllowed ? nil : refusal))
    #expect(
      text(body, GenerationSettings(allowsLoopbackCallbacks: true)) == (isAllowedOnLoopback ? nil : refusal))
  }

  // MARK: Images

  @Test func oneToThreeImagesAreTaken() throws {
    #expect(images([:], []) == .invalidInput("image is required"))
    #expect(images([:], [Self.png]) == nil)
    #expect(images([:], [Self.png, Self.png, Self.png]) == nil)
    #expect(
      images([:], [Self.png, Self.png, Self.png, Self.png]) == .invalidInput("image must be at most 3 files"))
  }

  @Test func anImageHasAtMost10MB() {
    func image(_ bytes: Int) -> [ImageUpload] {
      [Self.png, ImageUpload(byteCount: bytes, firstBytes: Self.png.firstBytes)]
    }
    #expect(images([:], image(10 << 20)) == nil)
    #expect(images([:], image((10 << 20) + 1)) == .imageParseFailed("image 2 must be at most 10 MB"))
  }

  @Test(
    arguments: [
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], ImageType.png),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A], nil),
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], .jpeg),
      (Array("GIF89a".utf8), .gif),
      (Array("GIF87a".utf8), .gif),
      (Array("GIF88a".utf8), nil),
      (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), .webp),
      (Array("RIFF\0\0\0\0WAVEfmt ".utf8), nil),
      (Array("RIFF".utf8), nil),
      (Array("<svg xmlns=".utf8), nil),
      (Array("BM".utf8), nil),
      ([], nil),
    ] as [([UInt8], ImageType?)])
  func anImagesTypeIsToldFromItsBytes(bytes: [UInt8], type: ImageType?) throws {
    #expect(ImageType(firstBytes: bytes) == type)
    let upload = ImageUpload(byteCount: bytes.count, firstBytes: bytes)
    if let type {
      let request = try GenerationContract.imageToCAD([:], images: [upload])
      #expect(request.source == .images([type], prompt: nil))
    } else {
      #expect(
        images([:], [upload])
          == .imageParseFailed("image 1 must be one of image/png, image/jpeg, image/webp, image/gif"))
    }
  }

  @Test func theOtherPartsAreCheckedToo() throws {
    let request = try GenerationContract.imageToCAD(
      [
        "design_mode": "assembly", "output_format": "GLB", "prompt": "as drawn", "callback_url": "",
        "metadata_json": ["a": 1],
      ], images: [Self.png])
    #expect(request.source == .images([.png], prompt: "as drawn"))
    #expect(request.designMode == .assembly)
    #expect(request.outputFormat == .glb)
    #expect(request.callbackURL == nil)
    #expect(request.metadata == ["a": 1])
    #expect(images(["prompt": "", "design_mode": ""], [Self.png]) == nil)
    #expect(
      images(["design_mode": "pro"], [Self.png])
        == .invalidInput("design_mode must be one of standard, assembly"))
    #expect(
      images(["metadata_json": "[1]"], [Self.png])
        == .invalidInput("metadata_json must be a string that holds a JSON object"))
    #expect(
      images(["prompt": .string(String(repeating: "a", count: 5001))], [Self.png])
        == .invalidInput("prompt must be at most 5000 characters"))
  }

  @Test func whatIsWrongWithTheFieldsComesBeforeTheImages() {
    let empty = ImageUpload(byteCount: 0, firstBytes: [])
    #expect(
      images(["output_format": "PDF"], [empty, empty, empty, empty])
        == .invalidInput(
          "image must be at most 3 files; output_format must be one of STEP, STL, GLB, 3MF"))
  }

  @Test func modesCostWhatIsDocumented() {
    #expect(GenerationRequest.DesignMode.allCases.map(\.credits) == [1, 2, 3])
    #expect(GenerationLimits.requestsPerMinute == 20)
    #expect(GenerationLimits.requestsPerHour == 100)
    #expect(GenerationLimits.outputDays == 30)
  }
}
