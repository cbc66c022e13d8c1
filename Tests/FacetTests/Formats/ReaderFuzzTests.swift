import Facet
import FacetTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A short fuzzing run that is the same every time. The long one is in `Tests/Fuzzing`.
@Suite struct ReaderFuzzTests {
  /// The seeds, by file name in `Tests/Fuzzing/Corpus`: a byte that chooses the reader, then the file.
  private static let corpus: [(name: String, bytes: [UInt8])] = {
    let square = try! IndexedFormatTests.read(
      .off, Array(IndexedFormatTests.off.joined(separator: "\n").utf8)
    ).mesh
    let colored = try! Mesh(
      positions: square.positions, triangles: square.triangles,
      colors: FacetColors(convention: .visCAM, attributes: [0x8000 | 31, 0x8000 | 992]))
    let magics = try! Mesh(
      positions: square.positions, triangles: square.triangles,
      colors: FacetColors(
        convention: .magics, partColor: Color(red: 1, green: 2, blue: 3), attributes: [31, 0x8000]))
    func encoded(_ mesh: Mesh, _ format: MeshFormat, _ encoding: ImportReport.Encoding = .binary) -> [UInt8] {
      [0] + (try! mesh.encoded(ExportOptions(format: format, encoding: encoding)))
    }
    func text(_ selector: UInt8, _ lines: [String], _ separator: String) -> [UInt8] {
      [selector] + Array(lines.joined(separator: separator).utf8)
    }
    return [
      ("binary.stl", encoded(square, .stl)), ("colored.stl", encoded(colored, .stl)),
      ("magics.stl", encoded(magics, .stl)), ("text.stl", encoded(square, .stl, .text)),
      ("text-cr.stl", text(1, STLTextReaderTests.square, "\r")), ("square.obj", encoded(square, .obj)),
      (
        "polygon.obj",
        text(
          2, ["v 0 0 0", "v 1 0 0", "v 1 1 0", "v 0 1 0", "vn 0 0 1", "f -4//1 \\", "2/1 3 4/1/1"], "\r\n")
      ),
      ("square.ply", encoded(square, .ply)), ("colored.ply", encoded(colored, .ply)),
      ("text.ply", text(3, IndexedFormatTests.ply, "\n")), ("square.off", encoded(square, .off)),
      ("colored.off", encoded(colored, .off)),
      (
        "polygon.off",
        text(4, ["COFF # a", "4 1 0", "0 0 0 255", "1 0 0", "1 1 0", "0 1 0", "4 0 1 2 3 0.5 0 1"], "\n")
      ),
    ]
  }()

  private static let corpusFolder =
    String(#filePath.dropLast("FacetTests/Formats/ReaderFuzzTests.swift".count))
    + "Fuzzing/Corpus/"

  /// With `FACET_UPDATE_CORPUS` set the files are written instead.
  @Test func theFuzzersCorpusIsWhatFacetWrites() throws {
    for (name, bytes) in ReaderFuzzTests.corpus {
      let path = ReaderFuzzTests.corpusFolder + name
      if getenv("FACET_UPDATE_CORPUS") != nil {
        let file = try #require(fopen(path, "w"))
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
      }
      let source = try ByteSource.file(path)
      #expect(try source.bytes(0..<source.count) == bytes, "\(name)")
    }
  }

  @Test(arguments: corpus.indices) func theSeedsAreSound(seed: Int) throws {
    let (name, bytes) = ReaderFuzzTests.corpus[seed]
    #expect(ReaderCheck.problem(with: bytes) == nil, "\(name)")
    #expect(try Mesh.read(ByteSource(Array(bytes.dropFirst()))).report.readFacets == 2, "\(name)")
  }

  @Test(arguments: corpus.indices) func mutationsGiveAMeshOrATypedError(seed: Int) {
    var mutator = Mutator(seed: UInt64(seed), corpus: ReaderFuzzTests.corpus.map(\.bytes))
    for _ in 0..<400 {
      let file = mutator.mutate(ReaderFuzzTests.corpus[seed].bytes)
      if let problem = ReaderCheck.problem(with: file) {
        Issue.record("\(problem)\n\(String(decoding: file, as: UTF8.self))\n\(file)")
        return
      }
    }
  }
}

private struct Mutator {
  private var random: SeededGenerator
  private let corpus: [[UInt8]]
  private static let words: [String] = [
    "nan", "-inf", "1e39", "1e-50", "-1", "0", "4294967295", "1000000000000", "0,5", "facet", "endfacet",
    "solid x\n",
    "endsolid", "vertex", "v ", "f ", "\n", "\r", "\r\n", " ", "\\\n", "#", "\0", "/", ".", "-", "e",
    "end_header\n",
    "element face 3\n", "property list uchar int a\n", "OFF", "\u{FEFF}",
  ]

  init(seed: UInt64, corpus: [[UInt8]]) {
    random = SeededGenerator(seed: seed)
    self.corpus = corpus
  }

  mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var file = seed
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...file.count, using: &random)
      let length = min(Int.random(in: 1...24, using: &random), file.count - place)
      switch Int.random(in: 0..<9, using: &random) {
      case 0 where place < file.count: file[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where place < file.count: file[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: file.removeSubrange(place..<place + length)
      case 3: file.insert(contentsOf: file[place..<place + length], at: place)
      case 4: file.removeSubrange(place...)
      case 5:
        let other = corpus.randomElement(using: &random)!
        file.replaceSubrange(place..., with: other.suffix(Int.random(in: 0...other.count, using: &random)))
      case 6:
        // A word in place of a word.
        let start = file[..<place].lastIndex { $0 <= 32 }.map { $0 + 1 } ?? 0
        let end = file[start...].firstIndex { $0 <= 32 } ?? file.count
        file.replaceSubrange(start..<end, with: Mutator.words.randomElement(using: &random)!.utf8)
      default: file.insert(contentsOf: Mutator.words.randomElement(using: &random)!.utf8, at: place)
      }
    }
    return file
  }
}
