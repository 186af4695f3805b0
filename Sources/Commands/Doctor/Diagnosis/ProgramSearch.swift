import Basics

/// Programs as the shell finds them.
enum ProgramSearch {
  static func path(of program: String) -> String? {
    if program.contains("/") { return program }
    return (Terminal.variable("PATH") ?? "").split(separator: ":")
      .map { "\($0)/\(program)" }.first(where: FileSystem.exists)
  }
}
