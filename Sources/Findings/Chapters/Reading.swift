/// A cell of a table: what was measured, or why nothing was.
///
/// An empty cell would leave the reader to guess, and zero would be a lie.
package enum Reading: Codable, Sendable, Equatable {
  case told(Prose)
  case notEvaluable(String)

  private enum Key: String, CodingKey { case text, reason }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    if let reason = try values.decodeIfPresent(String.self, forKey: .reason) {
      self = .notEvaluable(reason)
    } else {
      self = .told(try values.decode(Prose.self, forKey: .text))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    switch self {
    case .told(let text): try values.encode(text, forKey: .text)
    case .notEvaluable(let reason): try values.encode(reason, forKey: .reason)
    }
  }
}
