import FacetContract

/// What a metric size means for a hole, in mm.
///
/// Clearance holes: ISO 273, medium fit. Tap drills: nominal diameter less the pitch, ISO 2306, with the coarse pitches
/// of ISO 261. Thread itself is not cut.
struct MetricSizes: Sendable {
  let clearance: Double
  let coarsePitch: Double
  let tapDrill: Double

  static let table: [Double: MetricSizes] = [
    1.6: .init(clearance: 1.8, coarsePitch: 0.35, tapDrill: 1.25),
    2: .init(clearance: 2.4, coarsePitch: 0.4, tapDrill: 1.6),
    2.5: .init(clearance: 2.9, coarsePitch: 0.45, tapDrill: 2.05),
    3: .init(clearance: 3.4, coarsePitch: 0.5, tapDrill: 2.5),
    3.5: .init(clearance: 3.9, coarsePitch: 0.6, tapDrill: 2.9),
    4: .init(clearance: 4.5, coarsePitch: 0.7, tapDrill: 3.3),
    5: .init(clearance: 5.5, coarsePitch: 0.8, tapDrill: 4.2),
    6: .init(clearance: 6.6, coarsePitch: 1, tapDrill: 5),
    7: .init(clearance: 7.6, coarsePitch: 1, tapDrill: 6),
    8: .init(clearance: 9, coarsePitch: 1.25, tapDrill: 6.8),
    10: .init(clearance: 11, coarsePitch: 1.5, tapDrill: 8.5),
    12: .init(clearance: 13.5, coarsePitch: 1.75, tapDrill: 10.2),
    14: .init(clearance: 15.5, coarsePitch: 2, tapDrill: 12),
    16: .init(clearance: 17.5, coarsePitch: 2, tapDrill: 14),
    18: .init(clearance: 20, coarsePitch: 2.5, tapDrill: 15.5),
    20: .init(clearance: 22, coarsePitch: 2.5, tapDrill: 17.5),
    22: .init(clearance: 24, coarsePitch: 2.5, tapDrill: 19.5),
    24: .init(clearance: 26, coarsePitch: 3, tapDrill: 21),
    27: .init(clearance: 30, coarsePitch: 3, tapDrill: 24),
    30: .init(clearance: 33, coarsePitch: 3.5, tapDrill: 26.5),
  ]

  /// - Throws: `promptTooAmbiguous` for a size that the table does not have.
  static func hole(_ thread: MetricThread, isTapped: Bool) throws(GenerationJobError) -> Double {
    guard let sizes = table[thread.diameter] else {
      throw .ambiguous("\(thread.text) is no size of the table, M1.6 to M30; give the hole's diameter")
    }
    guard isTapped || thread.pitch != nil else { return sizes.clearance }
    if let pitch = thread.pitch, pitch != sizes.coarsePitch { return thread.diameter - pitch }
    return sizes.tapDrill
  }
}
