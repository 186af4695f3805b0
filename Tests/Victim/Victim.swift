import Rehearsals

/// A program for tests that does what `vbench doctor --self-test` rehearses, in a debug build.
@main
enum Victim {
  static func main() throws {
    let mode = CommandLine.arguments.dropFirst().first ?? ""
    if try !Rehearsal.perform(mode) { try Rehearsal.serve(mode) }
  }
}
