import Basics
import Pprof
import Rehearsals
import RunRecords
import Sampling
import Vocabulary

/// Builds the programs with faults, runs them under the recorder, and gives what was recorded.
///
/// What was run once with some words is not run again in the same round.
final class PlantWorkshop {
  private let folder: String
  private var made = 0
  private var grown: [PlantedProgram: Harvest] = [:]
  private var built: [String: Result<String, Unavailable>] = [:]

  /// A run that was watched, and what the program says it did.
  struct Harvest {
    let run: RunFolder
    /// Nanoseconds by name; empty for the engine, which does not know its faults.
    let truth: [String: UInt64]

    func nanoseconds(_ name: String) -> Double { Double(truth[name] ?? 0) }
  }

  /// Why a program cannot be run here.
  struct Unavailable: Error {
    let reason: String
  }

  /// - Parameter folder: Where programs and recordings lie; whoever made it removes it.
  init(folder: String) { self.folder = folder }

  /// Forgets what was recorded, and keeps what was built.
  func beginRound() { grown = [:] }

  func harvest(_ program: PlantedProgram) throws -> Harvest {
    if let known = grown[program] { return known }
    made += 1
    let place = "\(folder)/\(made)"
    try FileSystem.makeDirectory(place)
    let harvest = try run(program, in: place)
    grown[program] = harvest
    return harvest
  }

  private func run(_ program: PlantedProgram, in place: String) throws -> Harvest {
    switch program {
    case .rehearsal(let name, let permille, let milliseconds):
      return try recorded(
        [OwnProgram.path, RehearseCommand.name, "plant:\(name):\(permille):\(milliseconds)"],
        in: place)
    case .c(let milliseconds): return try recorded([cProgram(), "\(milliseconds)"], in: place)
    case .go(let mode, let permille, let milliseconds):
      let words = [mode, "\(permille)", "\(milliseconds)", place]
      return try profiledByItself([goProgram("plants", PlantedSources.go)] + words, in: place)
    case .goWithC(let permille, let milliseconds):
      let program = try goProgram("plants-c", PlantedSources.goWithC)
      return try profiledByItself(
        [program, "\(permille)", "\(milliseconds)", place], in: place)
    case .engine(let words): return try workload(words, in: place)
    }
  }

  // MARK: Running

  private func recorded(_ command: [String], in place: String) throws -> Harvest {
    try refuseWithoutSampler()
    let truth = try output(
      of: [
        OwnProgram.path, "record", "--out", place, "--name", "plant", "--hz", "1999", "--quiet",
        "--",
      ] + command, in: place)
    return Harvest(
      run: try RunReader.open("\(place)/latest"), truth: RehearsedRecording.truth(truth))
  }

  private func profiledByItself(_ command: [String], in place: String) throws -> Harvest {
    let truth = try output(of: command, in: place)
    return Harvest(run: try RunReader.open(place), truth: RehearsedRecording.truth(truth))
  }

  private func workload(_ words: [String], in place: String) throws -> Harvest {
    try refuseWithoutSampler()
    let (path, record) = try InnerRun(words: words).execute(["--out", place, "--quiet"])
    if record.status == .interrupted { throw Interrupted() }
    return Harvest(run: try RunReader.open(path), truth: [:])
  }

  private func refuseWithoutSampler() throws {
    if let refusal = Recorder.probe() { throw Unavailable(reason: "\(refusal)") }
  }

  /// What a command prints; its other words are kept for the sentence when it fails.
  private func output(
    of command: [String], in place: String, environment: [String: String] = [:]
  ) throws -> String {
    let said = try File("\(place)/said", .create)
    let complained = try File("\(place)/complained", .create)
    var child = try ChildProcess(
      command, descriptors: [(said.descriptor, 1), (complained.descriptor, 2)],
      environment: environment)
    let end = try child.wait()
    if Interrupts.count > 0 { throw Interrupted() }
    guard end == .exited(0) else {
      let text = (try? FileSystem.text(of: "\(place)/complained")) ?? ""
      let name = command[0].split(separator: "/").last ?? ""
      throw Failure(
        .failed,
        "\(name) ended with status \(end.status): \(text.split(separator: "\n").first ?? "no word")"
      )
    }
    return try FileSystem.text(of: "\(place)/said")
  }

  // MARK: Building

  private func goProgram(_ name: String, _ source: String) throws -> String {
    try build(name, source, ending: "go", compiler: "go") { compiler, source, program in
      [compiler, "build", "-o", program, source]
    }
  }

  private func cProgram() throws -> String {
    try build("clean", PlantedSources.cleanC, ending: "c", compiler: "cc") {
      [$0, "-O2", "-o", $2, $1]
    }
  }

  private func build(
    _ name: String, _ source: String, ending: String, compiler: String,
    _ words: (_ compiler: String, _ source: String, _ program: String) -> [String]
  ) throws -> String {
    if let known = built[name] { return try known.get() }
    let result: Result<String, Unavailable>
    do {
      guard let path = ProgramSearch.path(of: compiler) else {
        throw Unavailable(reason: "`\(compiler)` is not installed")
      }
      let place = "\(folder)/\(name)-build"
      try FileSystem.makeDirectory(place)
      try FileSystem.replace("\(place)/main.\(ending)", with: Array(source.utf8))
      _ = try output(
        of: words(path, "\(place)/main.\(ending)", "\(place)/\(name)"), in: place,
        environment: ["GO111MODULE": "off", "GOFLAGS": ""])
      result = .success("\(place)/\(name)")
    } catch let problem as Unavailable {
      result = .failure(problem)
    } catch let problem as Failure {
      // A compiler that does not work here, such as Go's without a C compiler.
      result = .failure(Unavailable(reason: problem.sentence))
    }
    built[name] = result
    return try result.get()
  }
}
