/// Something a document may claim and must not, and how to find it.
///
/// Each is a plain value: a name for scripts, why it is wrong, and a function from the document to
/// the places. They look for what was found in performance reports that people wrote by hand, and
/// are meant to be silent where they are not sure.
package struct ClaimCheck: Sendable {
  /// Stable: `units.per-operation`.
  package let id: String
  package let title: String
  /// Why it is an error, in a sentence.
  package let explanation: String
  let find: @Sendable (ClaimDocument) -> [ClaimFault]
}

/// One place where a document claims too much.
package struct ClaimFault: Codable, Sendable, Equatable {
  package var check: String
  /// Both counted from 1.
  package var line: Int
  package var column: Int
  /// The words in question.
  package var text: String
  /// A whole sentence.
  package var message: String

  init(_ check: String, _ line: ClaimDocument.Line, _ quantity: Quantity, _ message: String) {
    self.check = check
    self.line = line.number
    column = quantity.start + 1
    text = ClaimDocument.Line.string(line.text[quantity.start..<quantity.end])
    self.message = message
  }

  init(_ check: String, _ cell: ClaimDocument.Cell, _ message: String) {
    (self.check, line, column, text) = (check, cell.line, cell.column, cell.text)
    self.message = message
  }

  /// The whole line, without its indent.
  init(_ check: String, _ line: ClaimDocument.Line, _ message: String) {
    let indent = line.text.prefix { $0 == " " }.count
    self.check = check
    self.line = line.number
    column = indent + 1
    text = ClaimDocument.Line.string(line.text[indent...].prefix(80))
    self.message = message
  }
}

/// All checks, in the order of the documentation.
package enum ClaimBook {
  package static let checks =
    ClaimCheck.sums + ClaimCheck.units + ClaimCheck.gains + ClaimCheck.agreement
    + ClaimCheck.judgements + ClaimCheck.evidence

  /// Everything that is wrong with a text, from the top down.
  package static func faults(in text: String) -> [ClaimFault] {
    let document = ClaimReader.read(text)
    return checks.flatMap { $0.find(document) }.sorted {
      ($0.line, $0.column, $0.check) < ($1.line, $1.column, $1.check)
    }
  }
}
