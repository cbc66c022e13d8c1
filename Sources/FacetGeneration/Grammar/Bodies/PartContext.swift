import FacetContract

/// A body's mention and all that is said on, in and around it, while the part is being planned.
final class PartContext {
  let body: DetailReader
  let unit: LengthUnit?
  /// All mentions of the prompt, as parents are given by their places.
  let mentions: [Mention]
  private var features: [(index: Int, reader: DetailReader)]
  var text: ProgramText

  init(
    body: DetailReader, features: [(index: Int, reader: DetailReader)], mentions: [Mention],
    unit: LengthUnit?,
    text: ProgramText
  ) {
    self.body = body
    self.features = features
    self.mentions = mentions
    self.unit = unit
    self.text = text
  }

  /// Takes the features of these kinds, in the order of the prompt.
  func take(_ kinds: FeatureKind...) -> [(index: Int, reader: DetailReader)] {
    let taken = features.filter { feature in kinds.contains { $0 == feature.reader.mention.feature } }
    features.removeAll { feature in kinds.contains { $0 == feature.reader.mention.feature } }
    return taken
  }

  /// Takes the only feature of this kind; two of them are not understood.
  func takeOnly(_ kind: FeatureKind) throws(GenerationJobError) -> DetailReader? {
    let taken = take(kind)
    guard taken.count <= 1 else { throw .ambiguous("the \(body.name) has more than one \(kind.name)") }
    return taken.first?.reader
  }

  /// - Throws: `promptTooAmbiguous` for a feature that this body cannot have.
  func finish() throws(GenerationJobError) {
    try body.finish()
    if let feature = features.first?.reader {
      throw .ambiguous("a \(feature.name) is not understood for the \(body.name)")
    }
  }

  func missing(_ what: String, example: String? = nil) -> GenerationJobError {
    .missing(what, of: body.name, example: example)
  }
}
