import Rehearsals

/// A program for tests that does what `vbench doctor --self-test` rehearses, in a debug build.
@main
enum Victim {
  static func main() throws {
    try Rehearsal.serve(CommandLine.arguments.dropFirst().first ?? "")
  }
}
