/// Which lattice nodes are inside the solid that a mesh, sound or broken, stands for.
package struct SolidLabels: Sendable {
  /// The field's blocks and those that closures over holes need. Two neighbouring nodes of different label are
  /// both in blocks, and so are all 26 neighbours of each.
  package let grid: SparseGrid
  /// For each node of the grid ``inside`` and ``sheet``.
  package var flags: [UInt8]

  package static let inside: UInt8 = 1
  /// Inside only because a surface without thickness is there.
  package static let sheet: UInt8 = 2

  package init(grid: SparseGrid, flags: [UInt8]) {
    self.grid = grid
    self.flags = flags
  }

  @inline(__always)
  package func isInside(_ index: Int) -> Bool { flags[index] & SolidLabels.inside != 0 }
}
