/// A piece of the prompt, before anything is known about its meaning.
enum Token: Sendable, Hashable {
  case number(Quantity)
  /// "40 x 20 x 10 mm": figures multiplied with each other.
  case product([Quantity])
  case degrees(Double)
  case thread(MetricThread)
  /// "(10, 5)": a point on a face.
  case point(Quantity, Quantity)
  /// Lower case; hyphens divide words.
  case word(String)
  /// One of `, . ; : = ( ) x`, or a sign that means nothing here.
  case mark(Character)
}

/// A metric thread: its nominal diameter, and its pitch where it is said, in mm.
struct MetricThread: Sendable, Hashable {
  var diameter: Double
  var pitch: Double?

  var text: String {
    pitch.map { "M\(Figure.text(diameter))×\(Figure.text($0))" } ?? "M\(Figure.text(diameter))"
  }
}
