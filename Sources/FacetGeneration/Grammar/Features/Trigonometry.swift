import Foundation

/// Exact where the angle is a quarter turn, so that holes on an axis stand on it.
func cosine(_ angle: Double) -> Double { snapped(cos(angle)) }
func sine(_ angle: Double) -> Double { snapped(sin(angle)) }

private func snapped(_ value: Double) -> Double {
  abs(value - value.rounded()) < 1e-12 || abs(value) < 1e-12 ? value.rounded() + 0 : value
}
