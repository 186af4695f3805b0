import Basics

/// A command that takes a workload's flags beside its own → the workload's own invocation.
struct WorkloadWords {
  let invocation: Invocation
  private let workload: Command
  private let words: [String]
  private let defaults: [String: String]

  /// The flags of the workloads, for the table of such a command.
  ///
  /// `standards` says what holds here when a flag is not given, where that is another value.
  static func flags(
    without names: Set<String> = [], standards: [String: String] = [:]
  ) -> [Flag] {
    WorkloadFlags.flags.filter { !names.contains($0.name) }.map { flag in
      guard let standard = standards[flag.name] else { return flag }
      return Flag(
        flag.name, short: flag.short, flag.kind, flag.help, standard: standard,
        variables: flag.variables, group: flag.group)
    }
  }

  /// - Parameters:
  ///   - outer: What was typed.
  ///   - own: Flags of the outer command, which the workload does not know.
  ///   - standard: The workload when none is named.
  ///   - defaults: Values for flags that were not given.
  ///   - takesPoints: Whether a list of points may be given.
  /// - Throws: A usage failure in one sentence.
  init(
    _ outer: Invocation, own: [String], standard: String, defaults: [String: String] = [:],
    takesPoints: Bool = false
  ) throws {
    let names = WorkloadCommands.all.map(\.name)
    let name = outer.operands.first ?? standard
    guard let workload = WorkloadCommands.all.first(where: { $0.name == name }) else {
      throw Failure.usage(
        "`\(name)` is no workload; there are \(names.joined(separator: ", "))."
          + Nearest.hint(name, among: names), outer.command)
    }
    let dropped = Set(own).subtracting(workload.flags.map(\.name))
    var words = ReplayWords.without(
      dropped, in: Array(outer.words.dropFirst()), of: outer.command)
    if let operand = outer.operands.first, let place = words.firstIndex(of: operand) {
      words.remove(at: place)
    }
    self.workload = workload
    self.words = words
    self.defaults = defaults
    invocation = try Self.parse(words, workload, defaults)
    for list in Points.lists
    where !takesPoints && (invocation.list(list.flag)?.count ?? 0) > 1 {
      throw Failure.usage(
        "--\(list.flag) names several points; \(outer.command.name) takes one.", outer.command)
    }
  }

  /// The same with more words, which win.
  func adding(_ more: [String]) throws -> Invocation {
    try Self.parse(words + more, workload, defaults)
  }

  private static func parse(
    _ words: [String], _ workload: Command, _ defaults: [String: String]
  ) throws -> Invocation {
    let typed = try ArgumentParser(command: workload, environment: ProcessEnvironment.all)
      .parse(words)
    return try LikeRun.fill(typed).0.filled(
      with: defaults.mapValues { Invocation.Value(text: $0, source: .standard) })
  }
}
