#if Server
  import Hummingbird

  /// The page at `/`, from the files in `Page/`, which are part of the program.
  struct PageRoutes {
    func add(to router: Router<ServerContext>) {
      for (name, bytes) in PageFiles.all {
        let body = ByteBuffer(bytes: bytes)
        let type = PageRoutes.mediaType(name)
        router.get(RouterPath(name == "index.html" ? "/" : "/page/\(name)")) { _, _ in
          Response(
            status: .ok,
            headers: [
              .contentType: type, .cacheControl: "no-cache",
              .contentSecurityPolicy:
                "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
            ], body: .init(byteBuffer: body))
        }
      }
    }

    private static func mediaType(_ name: String) -> String {
      switch name.split(separator: ".").last {
      case "html": "text/html; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "css": "text/css; charset=utf-8"
      case "svg": "image/svg+xml"
      default: "application/octet-stream"
      }
    }
  }
#endif
