#if Server
  import ArgumentParser
  import FacetOperations
  import FacetService
  import Foundation

  /// Manages the keys of the generation API, while a server works on the data folder or not.
  struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "key",
      abstract: "Create and manage keys of the generation API.",
      discussion: """
        A key belongs to an account and has credits of its own: a job takes 1 (standard), 2 (pro) or 3 (assembly), which \
        come back when it fails. What is changed counts from the next request on.

        EXAMPLES:
          facet key create "shop window" --credits 100
          facet key list
          facet key add-credits 3f0a… 50
          facet key rotate 3f0a…
          facet key revoke 3f0a…
        """,
      subcommands: [Create.self, List.self, AddCredits.self, Rotate.self, Revoke.self])

    struct Create: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make a key, and print it with its signing secret. Both are shown once.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "What the key is for.") var name: String
      @Option(help: "The account that it belongs to.") var account = Account.firstName
      @Option(help: "What it may pay with.") var credits = 0
      @Flag(help: "Print JSON.") var json = false

      func run() throws {
        guard credits >= 0 else { throw Failure.usage("it must not be less than 0", argument: "credits") }
        let new = try reporting {
          try APIKeys(folder.openExisting()).create(name, for: account, credits: credits)
        }
        if json {
          let object: JSONValue = [
            "apiKeyId": .string(new.key.id), "apiKey": .string(new.text),
            "signingSecret": .string(new.signingSecret), "credits": .integer(new.key.credits),
          ]
          writeToStandardOutput(object.text(pretty: true) + "\n")
        } else {
          writeToStandardOutput(new.lines)
        }
      }
    }

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "List the keys, without the keys.")
      @OptionGroup var folder: DataFolderOption
      @Flag(help: "Print JSON.") var json = false

      func run() throws {
        let data = try folder.openExisting()
        let names = Dictionary(uniqueKeysWithValues: try Accounts(data).list().map { ($0.id, $0.name) })
        let keys = try APIKeys(data).list()
        if json {
          let objects: [JSONValue] = keys.map { key in
            [
              "apiKeyId": .string(key.id), "account": .string(names[key.account] ?? ""),
              "name": .string(key.name), "lastFour": .string(key.lastFour), "credits": .integer(key.credits),
              "createdAt": .string(key.createdAt.ISO8601Format()),
              "revokedAt": key.revokedAt.map { .string($0.ISO8601Format()) } ?? .null,
            ]
          }
          writeToStandardOutput(JSONValue.array(objects).text(pretty: true) + "\n")
          return
        }
        for key in keys {
          let state = key.revokedAt.map { "revoked \($0.ISO8601Format())" } ?? "\(key.credits) credits"
          writeToStandardOutput(
            "\(key.id)  …\(key.lastFour)  \(names[key.account] ?? "")  \(key.name)  \(state)\n")
        }
      }
    }

    struct AddCredits: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "add-credits", abstract: "Let a key pay for more.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The key's id, from facet key list.") var id: String
      @Argument(help: "How many credits to add.") var count: Int

      func run() throws {
        guard count > 0 else { throw Failure.usage("it must be more than 0", argument: "count") }
        let key = try reporting { try APIKeys(folder.openExisting()).addCredits(count, to: id) }
        writeToStandardOutput("\(key.credits) credits\n")
      }
    }

    struct Rotate: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make the signing secret anew, and print it, once; the old one signs nothing any more.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The key's id, from facet key list.") var id: String

      func run() throws {
        let secret = try reporting { try APIKeys(folder.openExisting()).rotateSecret(of: id).signingSecret }
        writeToStandardOutput("signing secret: \(secret)\n")
      }
    }

    struct Revoke: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "End a key for good.")
      @OptionGroup var folder: DataFolderOption
      @Argument(help: "The key's id, from facet key list.") var id: String

      func run() throws {
        try reporting { try APIKeys(folder.openExisting()).revoke(id) }
      }
    }
  }

  extension NewAPIKey {
    var lines: String {
      """
        key id: \(key.id)
        key: \(text)
        signing secret: \(signingSecret)
        credits: \(key.credits)

      """
    }
  }
#endif
