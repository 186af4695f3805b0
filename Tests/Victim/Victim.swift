import Rehearsals

/// A program for tests: it uses memory, or does what `vbench doctor --self-test` rehearses, in a
/// debug build.
@main
enum Victim {
  static func main() throws {
    let mode = CommandLine.arguments.dropFirst().first ?? ""
    guard let truth = Allocating.work(mode) else { return try Rehearsal.serve(mode) }
    print("done", truth.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
  }
}
