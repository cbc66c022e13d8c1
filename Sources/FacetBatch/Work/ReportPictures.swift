#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import FacetRender

  /// Draws the pictures of one file for the report: the part before and after the first step that changed it, or the
  /// part, and what the analyses show.
  struct ReportPictures {
    let setup: WorkSetup
    let name: String
    /// What changed first, or the part; then the others, in the order of the steps.
    var drawn: [BatchRecord.Picture] { (overview.map { [$0] } ?? []) + others }

    private var overview: BatchRecord.Picture?
    private var others: [BatchRecord.Picture] = []

    /// Pixels on the side of each view.
    private static let side = 160

    init(_ setup: WorkSetup, name: String) {
      self.setup = setup
      self.name = name
    }

    /// Looks at what a step did with a mesh.
    mutating func add(
      _ result: OperationResult, of operation: OperationName, on mesh: Mesh, _ run: RunContext
    ) throws(MeshError) {
      guard setup.drawsPictures, let draw = result.picture else { return }
      let subject: BatchRecord.Picture.Subject
      switch operation {
      case .wallThicknessAnalysis: subject = .walls
      case .hollowing: subject = .section
      default:
        guard overview == nil, let after = result.mesh, after != mesh else { return }
        subject = .changes
      }
      let picture = try keep(try draw(ReportPictures.side, run), showing: subject, run)
      if subject == .changes { overview = picture } else { others.append(picture) }
    }

    /// Draws the part itself where nothing has changed it.
    mutating func add(part mesh: Mesh, _ run: RunContext) throws(MeshError) {
      guard setup.drawsPictures, overview == nil else { return }
      overview = try keep(try mesh.rendered(.onWhite(ReportPictures.side), run), showing: .part, run)
    }

    private func keep(
      _ image: Image, showing subject: BatchRecord.Picture.Subject, _ run: RunContext
    ) throws(MeshError) -> BatchRecord.Picture {
      let place = BatchFolder.picture(name, subject)
      let aside = setup.scratch + "/picture"
      try ResultFile(.png(try image.withFewerColors.encodedPNG(isSmall: true))).write(to: aside, run)
      try setup.folder.move(aside, to: place)
      return BatchRecord.Picture(shows: subject, path: place)
    }
  }

  extension Image {
    /// 32 levels a channel. Nobody sees it in a small picture, and its file is half as large: a page holds thousands.
    fileprivate var withFewerColors: Image {
      Image(width: width, height: height, pixels: pixels.map { $0 & 0xF8 | $0 >> 5 })
    }
  }
#endif
