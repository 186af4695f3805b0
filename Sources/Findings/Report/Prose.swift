/// A sentence that knows which of its words came from a measured program.
///
/// Names of functions, files, labels and locks are hostile text: anything may stand in them. They
/// travel as parts of their own, so that each renderer can fence them in its own way, and the
/// words between them stay words. Write one as a string: `"\(name: symbol) takes \(share)"`.
package struct Prose: Sendable, Equatable, ExpressibleByStringInterpolation {
  package enum Part: Sendable, Equatable {
    case text(String)
    case name(String)
  }

  package private(set) var parts: [Part]

  package init(stringLiteral value: String) { parts = value.isEmpty ? [] : [.text(value)] }

  package init(_ text: String) { self.init(stringLiteral: text) }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  init(parts: [Part]) { self.parts = parts }

  /// The sentence without its fences, for terminals that clean it themselves and for tests.
  package var plain: String {
    parts.map {
      switch $0 {
      case .text(let text), .name(let text): text
      }
    }.joined()
  }

  package static func + (left: Prose, right: Prose) -> Prose {
    var sum = left
    sum.parts += right.parts
    return sum
  }

  /// `a, b and c`.
  package static func list(_ items: [Prose]) -> Prose {
    guard let last = items.last else { return "" }
    guard items.count > 1 else { return last }
    return items.dropLast().dropFirst().reduce(items[0]) { $0 + ", " + $1 } + " and " + last
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    package mutating func appendInterpolation(_ text: String) { appendLiteral(text) }

    package mutating func appendInterpolation(_ number: Int) { appendLiteral(String(number)) }

    package mutating func appendInterpolation(_ prose: Prose) { parts += prose.parts }

    package mutating func appendInterpolation(name: String) { parts.append(.name(name)) }
  }
}

extension DefaultStringInterpolation {
  /// Stops the build where a sentence with names would be put into a plain text: its fences would be
  /// lost, and a generic interpolation prints how it is made instead of what it says.
  @available(*, deprecated, message: "give the text the type Prose, or ask for .plain")
  package mutating func appendInterpolation(_ prose: Prose) { appendLiteral(prose.plain) }
}

extension Prose: Codable {
  private enum Key: String, CodingKey { case text, name }

  /// A list of objects with one key each: `[{"name": "malloc"}, {"text": " takes 3 %"}]`.
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    var parts: [Part] = []
    while !list.isAtEnd {
      let part = try list.nestedContainer(keyedBy: Key.self)
      if let name = try part.decodeIfPresent(String.self, forKey: .name) {
        parts.append(.name(name))
      } else {
        parts.append(.text(try part.decode(String.self, forKey: .text)))
      }
    }
    self.parts = parts
  }

  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for part in parts {
      var object = list.nestedContainer(keyedBy: Key.self)
      switch part {
      case .text(let text): try object.encode(text, forKey: .text)
      case .name(let name): try object.encode(name, forKey: .name)
      }
    }
  }
}
