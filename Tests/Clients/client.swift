// Checks an STL file, repairs it when it needs that, looks for thin walls, draws it, and downloads what was made.
//
//     swiftc -parse-as-library client.swift -o client
//     FACET_URL=http://127.0.0.1:8080 FACET_CLIENT_ID=… FACET_CLIENT_SECRET=… FACET_USER=… FACET_PASSWORD=… \
//       ./client part.stl

import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

struct Facet {
  let address: String
  var authorization = ""

  struct Refusal: Decodable, Error {
    struct Entry: Decodable {
      let code: Int
      let message: String
    }
    let errors: [Entry]
  }

  init(_ address: String, client: String, secret: String, user: String, password: String) async throws {
    self.address = address
    authorization = "Basic " + Data("\(client):\(secret)".utf8).base64EncodedString()
    var form = URLComponents()
    form.queryItems = [
      URLQueryItem(name: "grant_type", value: "password"), URLQueryItem(name: "username", value: user),
      URLQueryItem(name: "password", value: password),
    ]
    let token = try await json("/token", Data((form.percentEncodedQuery ?? "").utf8))
    authorization = "Bearer \(token["access_token"] as? String ?? "")"
  }

  /// The body of a reply.
  func call(_ path: String, _ body: Data? = nil, type: String? = nil) async throws -> Data {
    var request = URLRequest(url: URL(string: address + path)!)
    request.httpMethod = body == nil ? "GET" : "POST"
    request.httpBody = body
    request.setValue(authorization, forHTTPHeaderField: "Authorization")
    if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard (response as? HTTPURLResponse)?.statusCode == 200 else {
      throw try JSONDecoder().decode(Refusal.self, from: data)
    }
    return data
  }

  func json(_ path: String, _ body: Data? = nil, type: String? = nil) async throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: await call(path, body, type: type)) as? [String: Any] ?? [:]
  }

  func upload(_ file: URL) async throws -> String {
    let boundary = "facet-example-boundary"
    var body = Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; ".utf8)
    body += Data("filename=\"\(file.lastPathComponent)\"\r\n\r\n".utf8) + (try Data(contentsOf: file))
    body += Data("\r\n--\(boundary)--\r\n".utf8)
    let type = "multipart/form-data; boundary=\(boundary)"
    return try await json("/web-api/operation/file", body, type: type)["fileId"] as? String ?? ""
  }

  /// Starts an operation and waits for its result; that of one that failed is its error.
  func run(_ operation: String, _ parameters: [String: Any]) async throws -> [String: Any] {
    let order = try JSONSerialization.data(withJSONObject: parameters)
    let started = try await json("/web-api/operation/\(operation)", order, type: "application/json")
    let path = "/web-api/operation/\(started["operationId"] as? String ?? "")"
    while try await json(path + "/status")["isCompleted"] as? Bool != true {
      try await Task.sleep(for: .milliseconds(500))
    }
    return try await json("\(path)/\(operation)/result")
  }

  func download(_ id: Any?, as name: String) async throws {
    try await call("/web-api/operation/file/\(id as? String ?? "")").write(to: URL(filePath: name))
    print("wrote \(name)")
  }
}

@main struct Client {
  static func main() async throws {
    let settings = ProcessInfo.processInfo.environment
    let file = URL(filePath: CommandLine.arguments[1])
    let name = file.deletingPathExtension().lastPathComponent
    do {
      let facet = try await Facet(
        settings["FACET_URL"] ?? "http://127.0.0.1:8080", client: settings["FACET_CLIENT_ID"] ?? "",
        secret: settings["FACET_CLIENT_SECRET"] ?? "", user: settings["FACET_USER"] ?? "",
        password: settings["FACET_PASSWORD"] ?? "")
      let fileId = try await facet.upload(file)
      var model =
        try await facet.run("import", ["fileId": fileId, "measurementUnits": "mm"])["resultId"] ?? ""

      let found = try await facet.run("analyze", ["inputId": model])
      print("\(found["triangles"] ?? 0) triangles, \(found["badEdges"] ?? 0) bad edges")
      let volume = found["volumeMm3"] as? Double ?? 0
      if found["badEdges"] as? Int != 0 || found["badContours"] as? Int != 0 || volume <= 0 {
        model = try await facet.run("repair", ["inputId": model])["resultId"] ?? ""
        print("repaired")
      }

      let walls = try await facet.run(
        "wall-thickness-analysis",
        ["inputId": model, "minimalWallThicknessMm": 1, "accuracyWallThickness": 2])
      let areThin = walls["hasThinWalls"] as? Bool == true
      print(areThin ? "some walls are thinner than 1 mm" : "no thin walls")
      try await facet.download(walls["fileId"], as: "\(name)-walls.stl")

      let picture = try await facet.run(
        "thumbnail",
        [
          "inputId": model, "width": 800, "height": 600, "cameraAngleX": 0, "cameraAngleY": 0,
          "cameraAngleZ": 30,
        ])
      try await facet.download(picture["fileId"], as: "\(name).png")
      let ready = try await facet.run("export", ["inputId": model, "exportToFormat": "stl"])
      try await facet.download(ready["fileId"], as: "\(name)-ready.stl")
    } catch let refusal as Facet.Refusal {
      for error in refusal.errors { print("error \(error.code): \(error.message)") }
      exit(1)
    }
  }
}
