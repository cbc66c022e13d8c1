#if CommandLine
  import ArgumentParser
  import FacetOperations

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  @main enum Main {
    static func main() async {
      Signals.install()
      do {
        var command = try FacetCommand.parseAsRoot()
        if var server = command as? any AsyncParsableCommand {
          try await server.run()
        } else {
          try command.run()
        }
      } catch let failure as Failure {
        refuse(failure)
      } catch {
        // Help and versions asked for, exit codes, and arguments that cannot be understood.
        let code = FacetCommand.exitCode(for: error)
        guard code == .validationFailure else { FacetCommand.exit(withError: error) }
        refuse(
          .usage(FacetCommand.message(for: error)), hint: usage(FacetCommand.fullMessage(for: error)))
      }
    }

    /// Tells what is wrong with the request and ends the process.
    private static func refuse(_ failure: Failure, hint: String = "") -> Never {
      writeToStandardError(failure.text + hint)
      if CommandLine.arguments.contains("--json") {
        writeToStandardOutput(
          JSONValue.object([.init("errors", .array(failure.json))]).text(pretty: true) + "\n")
      }
      exit(failure.exitStatus)
    }

    /// The lines that say how it is done, of ArgumentParser's message.
    private static func usage(_ message: String) -> String {
      guard let start = message.split(separator: "\n").firstIndex(where: { $0.hasPrefix("Usage:") }) else {
        return ""
      }
      return message.split(separator: "\n")[start...].joined(separator: "\n") + "\n"
    }
  }
#else
  @main enum Main {
    static func main() {
      print("This facet was built without the package trait CommandLine; build it with the default traits.")
    }
  }
#endif
