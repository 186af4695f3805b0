import Harness
import RunRecords

/// One arm of `ab` as it was typed, checked before anything is built.
struct ABSide {
  let letter: String
  let invocation: Invocation
  /// Nil where the program that is running, or a --program, carries the arm out.
  let revision: Revision?
  let program: MeasuredProgram?
  let settings: WorkloadSettings

  var flag: String { "--\(letter)" }

  /// - Parameters:
  ///   - letter: `a` or `b`.
  ///   - outer: The invocation of `ab`.
  ///   - words: What both arms share.
  ///   - more: Words of the experiment, which win.
  ///   - repository: Asked only when a revision is named.
  /// - Throws: What is wrong with the words, or with what they name.
  init(
    _ letter: String, _ outer: Invocation, _ words: ArmWords, more: [String],
    repository: () throws(Failure) -> Repository
  ) throws {
    let flag = "--\(letter)"
    var own = try ArmWords.split(outer.text(letter) ?? "", flag, outer.command)
    // Options begin with a dash, and no revision of git does.
    let name = own.first.map { $0.hasPrefix("-") } == false ? own.removeFirst() : nil
    let other = outer.text("program-\(letter)")
    if let name, other != nil {
      throw Failure.usage(
        "\(flag) names the revision \(name) and --program-\(letter) a program; give one of them.",
        outer.command)
    }
    self.letter = letter
    invocation = try words.invocation(adding: own, spelled: flag, more: more)
    // Reads the data, if they are a file's, and says what is wrong with them.
    settings = try SettingsReader(invocation, command: invocation.command.name).settings
    revision = try name.map { try repository().revision($0, flag: flag) }
    program = try other.map { try MeasuredProgram(at: $0, flag: "--program-\(letter)") }
  }

  /// Whether the two would measure one thing twice.
  func isSame(as other: ABSide) -> Bool {
    settings == other.settings && program == other.program
      && revision?.commit == other.revision?.commit
  }

  func arm(_ program: MeasuredProgram, _ facts: [RunRecord.Setting]) throws -> Arm {
    let arm = try Arm(
      invocation, title: letter.uppercased(),
      label: [invocation.text("label"), letter].compactMap(\.self).joined(separator: "-"),
      program: program)
    arm.facts += facts
    return arm
  }
}
