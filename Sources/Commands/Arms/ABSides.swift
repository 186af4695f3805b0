import Basics
import RunRecords

/// Both arms of `ab`: checked as they were typed, then built where they are revisions.
struct ABSides {
  let sides: [ABSide]
  private let invocation: Invocation
  /// Nil where no arm is a revision.
  private let repository: Repository?

  /// - Throws: A usage failure in one sentence, or what is wrong with what is named.
  init(_ invocation: Invocation, _ pairs: Int) throws {
    let words = try ArmWords(invocation.rest, asking: invocation.command)
    var found: Repository?
    sides = try ["a", "b"].map { letter in
      try ABSide(
        letter, invocation, words, more: ["--trials", "\(pairs)"],
        repository: { () throws(Failure) in
          if let found { return found }
          let project = invocation.text("project") ?? "."
          let repository = try Repository(of: project, flag: "The project")
          found = repository
          return repository
        })
    }
    self.invocation = invocation
    repository = found
    if sides[0].isSame(as: sides[1]) {
      throw Failure.usage(
        "--a and --b come to the same settings of the same program, so there is nothing to compare.",
        invocation.command)
    }
    for name in ["project", "build", "product", "builds"]
    where repository == nil && invocation.text(name) != nil {
      throw Failure.usage(
        "--\(name) is for revisions, and neither --a nor --b begins with one.", invocation.command)
    }
  }

  private var command: String { invocation.text("build") ?? RevisionBuild.standardCommand }
  private var product: String { invocation.text("product") ?? RevisionBuild.standardProduct }

  /// Where an arm's program comes from, as a line of its own; nothing where it is this one.
  func origin(_ side: ABSide) -> String {
    side.revision.map { "built from \($0.text) with `\(command)`.\n" } ?? ""
  }

  /// Builds what has to be built and lends a maker of arms, new ones each time; what was built goes
  /// away afterwards, unless it is to be kept.
  func withArms<Result>(
    _ progress: Progress, _ body: (() throws -> [Arm]) throws -> Result
  ) throws -> Result {
    guard let repository else { return try body { try arms { $0.program ?? .own } } }
    Interrupts.startCounting()
    if repository.hasUncommittedChanges {
      progress.say("What is not committed in \(repository.path) is in no revision that is built.")
    }
    if let kept = invocation.text("builds") {
      return try body(build(RealPath.of(kept) ?? made(kept), repository, isKept: true, progress))
    }
    let parent = sides[0].invocation.text("out") ?? "Profiles"
    try FileSystem.makeDirectory(parent)
    let work = try WorkFolder(beside: RealPath.of(parent) ?? parent)
    let outcome = Swift.Result {
      try body(build(work.path, repository, isKept: false, progress))
    }
    work.remove()
    return try outcome.get()
  }

  private func made(_ folder: String) throws -> String {
    try FileSystem.makeDirectory(folder)
    return RealPath.of(folder) ?? folder
  }

  private func build(
    _ folder: String, _ repository: Repository, isKept: Bool, _ progress: Progress
  ) throws -> () throws -> [Arm] {
    let builder = RevisionBuild(
      repository: repository, command: command, product: product, folder: folder, isKept: isKept,
      progress: progress)
    var built: [String: MeasuredProgram] = [:]
    for side in sides {
      guard let revision = side.revision, built[revision.commit] == nil else { continue }
      built[revision.commit] = try builder.program(of: revision, flag: side.flag)
    }
    progress.end()
    return {
      try arms { side in side.revision.flatMap { built[$0.commit] } ?? side.program ?? .own }
    }
  }

  private func arms(_ program: (ABSide) -> MeasuredProgram) throws -> [Arm] {
    let arms = try sides.map { side in
      let facts = side.revision.map { revision in
        [
          RunRecord.Setting(name: "revision", value: revision.commit, source: .flag),
          RunRecord.Setting(
            name: "build", value: command,
            source: invocation.text("build") == nil ? .standard : .flag),
        ]
      }
      return try side.arm(program(side), facts ?? [])
    }
    try MeasuredProgram.name(arms)
    return arms
  }
}
