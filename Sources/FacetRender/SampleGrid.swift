/// Where a picture's coverage samples are.
///
/// The patterns have one sample in each of n rows of a pixel and one in each of n columns ("n rooks"), so
/// that nearly horizontal and nearly vertical edges get n + 1 steps; they are the standard ones of Direct3D. That makes the samples an image with n
/// rows a pixel whose rows are shifted sideways, and rasterizing them is rasterizing that image.
struct SampleGrid {
  /// In pixels.
  let width: Int
  let height: Int
  /// Samples a pixel: 1, 4, 8 or 16.
  let samples: Int
  /// log2 of ``samples``.
  let sampleBits: Int
  /// The sideways place of each sample row, in 1/16 pixel.
  let columns: [Int32]
  /// The height of the first sample row in the pixel and the step to the next, in 1/16 pixel.
  let firstRow: Int
  let rowStep: Int
  /// Steps of vertex coordinates in 1/16 pixel, as a power of two.
  let unitBits: Int

  init(width: Int, height: Int, samples: Int, subpixelBits: Int) {
    self.width = width
    self.height = height
    self.samples = samples
    sampleBits = samples.trailingZeroBitCount
    rowStep = 16 / samples
    unitBits = subpixelBits - 4
    switch samples {
    case 1:
      columns = [8]
      firstRow = 8
    case 4:
      columns = [6, 14, 2, 10]
      firstRow = 2
    case 8:
      columns = [15, 5, 9, 1, 13, 7, 3, 11]
      firstRow = 1
    default:
      columns = [1, 8, 4, 11, 15, 7, 3, 12, 0, 9, 5, 13, 2, 10, 6, 14]
      firstRow = 0
    }
  }

  /// Sample rows of the whole picture.
  var rows: Int { height << sampleBits }
  /// Bits of a vertex coordinate below the pixel.
  var subpixelBits: Int { unitBits + 4 }
}
