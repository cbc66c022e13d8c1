import Facet

/// What edges a mesh has, counted the slow and obvious way.
public struct EdgeOracle {
  public struct Edge: Hashable {
    public let low: UInt32
    public let high: UInt32

    public init(low: UInt32, high: UInt32) {
      self.low = low
      self.high = high
    }
  }

  /// For each undirected edge the half-edges that run from low to high, and from high to low. Edges from a
  /// vertex to itself are left out.
  public private(set) var uses: [Edge: (forward: [Int], backward: [Int])] = [:]

  public init(_ mesh: Mesh) {
    for (i, t) in mesh.triangles.enumerated() {
      for corner in 0..<3 {
        let (from, to) = (t[corner], t[(corner + 1) % 3])
        if from == to { continue }
        let edge = Edge(low: min(from, to), high: max(from, to))
        if from < to {
          uses[edge, default: ([], [])].forward.append(3 * i + corner)
        } else {
          uses[edge, default: ([], [])].backward.append(3 * i + corner)
        }
      }
    }
  }

  /// Edges without exactly two oppositely oriented triangles.
  public var badEdges: Int { uses.values.count { $0.forward.count != 1 || $0.backward.count != 1 } }

  /// Edges of exactly one triangle.
  public var boundaryEdges: Int { uses.values.count { $0.forward.count + $0.backward.count == 1 } }

  /// Whether every edge has exactly two triangles, oppositely oriented.
  public var isClosedManifoldByEdges: Bool { badEdges == 0 }

  /// The numbers of vertices, edges and triangles in Euler's way: V − E + F.
  public func eulerCharacteristic(of mesh: Mesh) -> Int {
    var used = Set<UInt32>()
    for t in mesh.triangles { used.formUnion([t.a, t.b, t.c]) }
    return used.count - uses.count + mesh.triangles.count
  }
}

extension Mesh {
  /// Signed volume, summed plainly in double precision.
  public var plainVolume: Double {
    var six = 0.0
    for i in triangles.indices {
      let (a, b, c) = corners(i)
      let (p, q, r) = (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
      six += p.x * (q.y * r.z - q.z * r.y) + p.y * (q.z * r.x - q.x * r.z) + p.z * (q.x * r.y - q.y * r.x)
    }
    return six / 6
  }

  /// Surface area, summed plainly in double precision.
  public var plainArea: Double {
    var twice = 0.0
    for i in triangles.indices {
      let (a, b, c) = corners(i)
      let (u, v) = (SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))
      let n = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      twice += (n * n).sum().squareRoot()
    }
    return twice / 2
  }
}
