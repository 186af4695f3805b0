/// Names for the numbers by which a program asks the kernel for something.
package enum SystemCallName {
  #if arch(x86_64)
    private static let runs = SystemCallTable.x86
  #else
    private static let runs = SystemCallTable.arm
  #endif

  private static let names = Self.names(runs)
  private static let numbers = Dictionary(names.map { ($1, $0) }) { first, _ in first }

  /// The name, or `syscall_N` for a call that is younger than this table.
  package static func of(_ number: Int) -> String { names[number] ?? "syscall_\(number)" }

  static func number(of name: String) -> Int? { numbers[name] }

  static func names(_ runs: [SystemCallTable.Run]) -> [Int: String] {
    var names: [Int: String] = [:]
    for run in runs {
      for (index, name) in run.names.split(whereSeparator: \.isWhitespace).enumerated() {
        names[run.first + index] = String(name)
      }
    }
    return names
  }
}
