#if CommandLine
  import ArgumentParser
  import FacetContract
  import FacetOperations

  // Names, units, defaults and limits come from where they are defined; nothing is said twice.

  extension CommandConfiguration {
    /// The configuration of the command that runs an operation.
    init(_ operation: any MeshOperation.Type, examples: String) {
      self.init(
        commandName: operation.name.rawValue, abstract: operation.summary + ".",
        discussion: operation.discussion + "\n\nEXAMPLES:\n" + indented(examples),
        aliases: operation.name.alias.map { [$0] } ?? [])
    }
  }

  extension ArgumentHelp {
    /// What an operation and the contract say about a parameter, by its API name.
    ///
    /// - Parameters:
    ///   - preset: What the command gives where the API requires a value.
    ///   - valueName: What the command takes, where that is not the parameter's value.
    static func parameter(
      _ operation: any MeshOperation.Type, _ name: String, preset: String? = nil, valueName: String? = nil
    ) -> ArgumentHelp {
      guard let described = operation.parameters.first(where: { $0.name == name }) else {
        preconditionFailure("\(operation.name.rawValue) has no parameter \(name)")
      }
      let field = ToolkitForm.of(operation.name).fields.first { $0.name == name }
      var notes: [String] = []
      if described.kind != .bool, let field, field.rule != .anything { notes.append(field.allowed) }
      if let unit = described.unit { notes.append("in \(unit)") }
      switch described.presence {
      case .required: notes.append(preset.map { "default: \($0)" } ?? "required")
      case .defaulted(let value) where described.kind != .bool:
        notes.append("default: \(value.asString ?? value.text())")
      case .defaulted, .optional: break
      }
      return ArgumentHelp(
        described.help + "." + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")"),
        valueName: valueName)
    }
  }

  extension CompletionKind {
    /// The words that the contract allows for a parameter.
    static func words(_ operation: any MeshOperation.Type, _ name: String) -> CompletionKind {
      guard
        case .words(let words)? = ToolkitForm.of(operation.name).fields.first(where: { $0.name == name })?
          .rule
      else { return .default }
      return .list(words)
    }
  }

  func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }
#endif
