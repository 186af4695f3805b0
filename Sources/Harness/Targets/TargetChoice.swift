import VectorStore

/// What a workload shall drive, as `--target` spells it.
package enum TargetChoice: Sendable, Equatable, CustomStringConvertible {
  case engine
  /// A target of known behavior, for tests of vbench itself.
  case planted(PlantedQueue.Plan)

  /// Reads `engine` or `planted:service=1ms,servers=2[,stall=200ms@1s]`.
  package init?(spelling: String) {
    if spelling == "engine" {
      self = .engine
    } else if spelling.hasPrefix("planted:"),
      let plan = PlantedQueue.Plan(spelling: spelling.dropFirst("planted:".count))
    {
      self = .planted(plan)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .engine: "engine"
    case .planted(let plan): "planted:\(plan)"
    }
  }

  func make(_ store: VectorStore) -> any Target {
    switch self {
    case .engine: EmbeddedTarget(store)
    case .planted(let plan): PlantedTarget(plan, answering: EmbeddedTarget(store))
    }
  }
}

extension TargetChoice: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = TargetChoice(spelling: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no target")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
