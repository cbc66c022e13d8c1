/// Every documented limit of the generation API, once. All bounds are inclusive.
public enum GenerationLimits {
  /// `prompt`, in characters. Ours: Unicode scalars, as the API's clients count them.
  public static let promptCharacters = 1...5000
  /// `image` files of one request.
  public static let images = 1...3
  /// Bytes of one image: 10 MB. Ours: a megabyte is 2²⁰ bytes here, the more generous reading.
  public static let imageBytes = 10 << 20
  /// POST requests of one key in any 60 seconds.
  public static let requestsPerMinute = 20
  /// POST requests of one key in any 60 minutes.
  public static let requestsPerHour = 100
  /// Days that a job's output is kept.
  public static let outputDays = 30
}
