#if Server
  import FacetContract
  import FacetOperations
  import FacetService
  import Foundation
  import Hummingbird

  /// The body of `POST /v1/image-to-cad`: pictures on the disk, fields in memory.
  struct GenerationForm: Sendable {
    var fields: JSONValue
    /// Each file named `image`, for validation.
    var uploads: [ImageUpload] = []
    /// Those that could be received.
    var attachments: [(file: Attachment, path: String)] = []

    /// Bytes of the fields together: the longest prompt, metadata, and room.
    private static let longestFields = 1 << 20

    /// - Throws: ``GenerationError/invalidInput(_:)`` for a body that is no form; ``MultipartError``.
    init(_ request: Request, _ files: Files) async throws {
      guard let boundary = request.multipartBoundary else {
        throw GenerationError.invalidInput("the request body must be multipart/form-data with a boundary")
      }
      let reader = MultipartReader(request.body, boundary: boundary)
      var members: [JSONValue.Member] = []
      var bytes = 0
      fields = .object([])
      do {
        while let part = try await reader.nextPart() {
          if part.name == "image" {
            try await receive(reader, files)
          } else if let name = part.name {
            var value = Data()
            while let piece = try await reader.nextBytes() {
              bytes += piece.readableBytes
              guard bytes <= GenerationForm.longestFields else {
                throw GenerationError.invalidInput(
                  "the form's fields must be at most \(GenerationForm.longestFields) bytes")
              }
              value.append(contentsOf: piece.readableBytesView)
            }
            members.append(.init(name, GenerationForm.value(name, value)))
          }
        }
      } catch {
        for attachment in attachments { files.remove(attachment.file) }
        throw error
      }
      fields = .object(members)
    }

    /// Takes in a picture. One that cannot be right is noted, and not kept.
    private mutating func receive(
      _ reader: MultipartReader<some AsyncSequence<ByteBuffer, any Error> & Sendable>, _ files: Files
    ) async throws {
      guard uploads.count < GenerationLimits.images.upperBound else {
        uploads.append(ImageUpload(byteCount: 0, firstBytes: []))
        return
      }
      do {
        let blob = try await files.receive(reader.bytes, limit: GenerationLimits.imageBytes)
        let path = files.path(of: blob)
        let first = try FileHandle(forReadingFrom: URL(filePath: path)).read(upToCount: ImageType.neededBytes)
        let upload = ImageUpload(byteCount: blob.bytes, firstBytes: Array(first ?? Data()))
        uploads.append(upload)
        let type = ImageType(firstBytes: upload.firstBytes)?.rawValue ?? "application/octet-stream"
        attachments.append((Attachment(blob, named: "image \(uploads.count)", mediaType: type), path))
      } catch ServiceError.fileTooBig(let limit) {
        uploads.append(ImageUpload(byteCount: limit + 1, firstBytes: []))
      } catch ServiceError.fileEmpty {
        uploads.append(ImageUpload(byteCount: 0, firstBytes: []))
      }
    }

    /// The contract wants the object that the text of `metadata_json` holds.
    private static func value(_ name: String, _ bytes: Data) -> JSONValue {
      let text = JSONValue.string(String(decoding: bytes, as: UTF8.self))
      guard name == "metadata_json", let json = try? JSONValue(parsing: bytes), json.asMembers != nil else {
        return text
      }
      return json
    }
  }
#endif
