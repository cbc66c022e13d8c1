#if Server
  import ArgumentParser
  import FacetService
  import Foundation

  /// Manages access tokens for scripts, which need no password then.
  struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "token",
      abstract: "Make and revoke access tokens for scripts.",
      discussion: """
        A script sends such a token as 'Authorization: Bearer …', and needs neither a password nor a client secret.

        EXAMPLES:
          facet token create alice --label nightly --days 90
          facet token list
          facet token revoke alice --label nightly
        """,
      subcommands: [Create.self, List.self, Revoke.self])

    struct Create: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Make a token, and print it, once.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String
      @Option(help: "What the token is for.") var label: String
      @Option(help: "How long it is good for.") var days = 365
      @Flag(help: "For managing API keys over HTTP (/v1/keys), and for nothing else.") var admin = false

      func run() throws {
        guard days > 0 else { throw Failure.usage("it must be more than 0", argument: "days") }
        let token = try reporting {
          try Tokens(folder.openExisting()).create(
            for: name, label: label, life: Double(days) * 86_400, isAdministrators: admin)
        }
        writeToStandardOutput(token + "\n")
      }
    }

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the tokens that are good, without the tokens.")
      @OptionGroup var folder: DataFolderOption

      func run() throws {
        for token in try Tokens(folder.openExisting()).list() {
          writeToStandardOutput(
            "\(token.account)  \(token.label)\(token.isAdministrators ? "  (admin)" : "")  until \(token.expiresAt.ISO8601Format())\n"
          )
        }
      }
    }

    struct Revoke: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "End a token.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The user name.") var name: String
      @Option(help: "What the token was for.") var label: String

      func run() throws {
        let count = try reporting { try Tokens(folder.openExisting()).revoke(for: name, label: label) }
        guard count > 0 else { throw Failure.usage("\(name) has no token \(label)", argument: "label") }
      }
    }
  }
#endif
