import Basics
import Glibc

/// The program: reads the words, runs the command, and answers with an exit status.
package enum Vbench {
  package static let version = "0.1.0"

  package static func run(arguments: [String]) -> Int32 {
    // A reader that closes our output must not kill us before store copies are gone.
    signal(SIGPIPE, SIG_IGN)
    do {
      return try dispatch(arguments, environment: ProcessEnvironment.all).code
    } catch is Terminal.ClosedPipe {
      return ExitStatus.fine.code
    } catch let failure as Failure {
      return report(failure)
    } catch {
      return report(Failure(.failed, "\(error)"))
    }
  }

  static func dispatch(_ words: [String], environment: [String: String]) throws -> ExitStatus {
    guard let first = words.first else {
      try Terminal.print(HelpPage.overview(of: Catalogue.commands))
      return .fine
    }
    let name = ["-h": "help", "-help": "help", "--help": "help", "--version": "version"][first]
    let command = try Catalogue.command(named: name ?? first)
    try ReservedVariables.check(environment)
    let invocation = try ArgumentParser(command: command, environment: environment)
      .parse(Array(words.dropFirst()))
    if invocation.has("help") {
      try Terminal.print(HelpPage.page(of: command))
      return .fine
    }
    return try command.run(invocation)
  }

  private static func report(_ failure: Failure) -> Int32 {
    Terminal.note("vbench: \(failure.sentence)")
    if failure.status == .usage {
      Terminal.note("`vbench help\(failure.command.map { " \($0)" } ?? "")` shows what there is.")
    }
    return failure.status.code
  }
}
