import Basics
import ForeignProfiles
import Harness
import RunRecords

/// The simulator, as it is installed here.
///
/// Looked for when it is asked for; whoever does not ask needs none.
struct Valgrind {
  let path: String
  /// Such as `3.19.0`.
  let version: String

  private static let missing =
    "--simulate-cache needs valgrind, and none is in the PATH; install it (on Debian and Ubuntu: "
    + "`apt install valgrind`), or leave the flag out."

  /// - Parameter folder: For what it prints about itself.
  /// - Throws: That there is none, and how to get it.
  init(in folder: String) throws {
    guard let path = ProgramSearch.path(of: "valgrind") else {
      throw Failure(.failed, Self.missing)
    }
    self.path = path
    let said = try Self.words(of: [path, "--version"], in: folder)
    guard said.hasPrefix("valgrind-"), said.count < 80 else {
      throw Failure(
        .failed,
        "\(path) does not say which version of valgrind it is; install another, or leave out "
          + "--simulate-cache.")
    }
    version = String(said.dropFirst("valgrind-".count))
  }

  /// Whether there is one, without starting it.
  static func check() throws(Failure) {
    if ProgramSearch.path(of: "valgrind") == nil { throw Failure(.failed, missing) }
  }

  private static func words(of command: [String], in folder: String) throws -> String {
    let path = "\(folder)/valgrind-version"
    defer { try? FileSystem.remove(path) }
    let output = try File(path, .create)
    do {
      var child = try ChildProcess(
        command, descriptors: [(output.descriptor, 1), (output.descriptor, 2)])
      guard try child.wait() == .exited(0) else { return "" }
    } catch {
      throw Failure(.failed, "\(command[0]) cannot be started: \(error.reason).")
    }
    return (try? FileSystem.text(of: path))?.split(separator: "\n").first.map(String.init) ?? ""
  }

  // MARK: - Counting

  /// What one process did from its first instruction to its last.
  struct Counted {
    let outcome: CountedLoop.Outcome
    let file: CachegrindFile
    /// What cachegrind had to say about the caches of this machine.
    let warnings: [String]
  }

  /// Carries out a plan in a simulated machine.
  ///
  /// - Throws: `Interrupted`, or what went wrong in one sentence.
  func count(
    _ plan: CountedLoop.Plan, program: String, caches: [String], in folder: String
  ) throws -> Counted {
    let name = "\(folder)/cachegrind-\(String(Clock.now(), radix: 36))"
    let (counts, log) = ("\(name).out", "\(name).log")
    defer { for path in [counts, log] { try? FileSystem.remove(path) } }
    var job = ChildJob<CountedLoop.Outcome>(SimulationJob.name, environment: Self.environment)
    job.program = program
    job.launcher = [path] + words(counts: counts, log: log) + caches
    let outcome: CountedLoop.Outcome
    do { outcome = try job.run(plan, in: folder) } catch let failure as Failure {
      throw Failure(failure.status, "\(failure.sentence)\(Self.lastWords(log))")
    } catch let error as RunError {
      throw Failure(.failed, "The simulated process left no answer: \(error)")
    }
    return Counted(
      outcome: outcome, file: try read(counts, log), warnings: Self.warnings(log))
  }

  /// Hash tables are laid out alike in every process, so that runs can be subtracted, and a copy
  /// of the program finds the libraries beside the original.
  private static var environment: [String: String] {
    let folder = OwnProgram.path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let known = Terminal.variable("LD_LIBRARY_PATH").map { "\($0):" } ?? ""
    return ["SWIFT_DETERMINISTIC_HASHING": "1", "LD_LIBRARY_PATH": known + folder]
  }

  /// The user's own options for valgrind would change what is counted.
  private func words(counts: String, log: String) -> [String] {
    [
      "--command-line-only=yes", "--tool=cachegrind", "--cache-sim=yes", "--branch-sim=yes",
      "--demangle=no", "--vgdb=no", "--log-file=\(Self.escaped(log))",
      "--cachegrind-out-file=\(Self.escaped(counts))",
    ]
  }

  /// A percent sign begins a variable of valgrind's.
  private static func escaped(_ path: String) -> String {
    path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }

  private func read(_ counts: String, _ log: String) throws(Failure) -> CachegrindFile {
    guard let size = FileSystem.size(of: counts), size > 0 else {
      throw Failure(
        .failed, "valgrind \(version) ended and left no counts.\(Self.lastWords(log))")
    }
    guard size <= Self.largest, let bytes = try? FileSystem.contents(of: counts) else {
      throw Failure(.failed, "The counts of valgrind \(version) cannot be read.")
    }
    do { return try CachegrindFile.read(bytes) } catch {
      throw Failure(.failed, "What valgrind \(version) left \(error).")
    }
  }

  /// A file of this program has two megabytes.
  private static let largest = 256 << 20

  // MARK: - What it says

  /// Lines such as `==123== text` and `--123-- warning: text`, without the number of the process.
  private static func lines(_ log: String) -> [String] {
    let text = (try? FileSystem.text(of: log)) ?? ""
    return text.split(separator: "\n").prefix(10_000).map { line in
      guard let mark = line.first, mark == "=" || mark == "-" else { return String(line) }
      return String(line.drop { $0 == mark || $0.isNumber }.drop { $0 == " " })
    }
  }

  private static func warnings(_ log: String) -> [String] {
    lines(log).filter { $0.hasPrefix("warning:") }.prefix(8).map {
      "cachegrind: \($0.dropFirst("warning:".count).drop { $0 == " " }.prefix(300))"
    }
  }

  private static func lastWords(_ log: String) -> String {
    let problems = ["valgrind:", "error", "Error", "FATAL", "signal", "failed", "assertion"]
    let said = lines(log).last { line in problems.contains { line.contains($0) } }
    return said.map { " valgrind said: \($0.prefix(300))" } ?? ""
  }
}
