/// A reason to stop: one sentence for the user and a status for the script around us.
struct Failure: Error, Sendable {
  let status: ExitStatus
  let sentence: String
  /// Whose help page to point at.
  var command: String?

  init(_ status: ExitStatus, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  static func usage(_ sentence: String, _ command: Command? = nil) -> Failure {
    var failure = Failure(.usage, sentence)
    failure.command = command?.name
    return failure
  }

  /// Any error as a failure; the sentence of what is none already.
  static func of(_ error: any Error) -> Failure {
    error as? Failure ?? Failure(.failed, "\(error)")
  }
}
