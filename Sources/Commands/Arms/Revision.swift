import Basics

/// A commit of the project, found by a name that git knows.
struct Revision: Sendable, Equatable {
  /// As it was typed.
  let name: String
  /// Forty hexadecimal digits.
  let commit: String

  /// For people.
  var text: String { name == commit ? String(commit.prefix(12)) : "\(name) (\(commit.prefix(12)))" }
}

/// The git repository that a project lies in, asked by its own program.
struct Repository: Sendable {
  /// The top folder of its files.
  let path: String
  /// The project's folder below it, with a slash at its end; empty at the top.
  let prefix: String

  /// - Parameters:
  ///   - project: A folder in it.
  ///   - flag: What named the folder, for the sentence.
  /// - Throws: When there is no git, or no repository.
  init(of project: String, flag: String) throws(Failure) {
    func ask(_ word: String) throws(Failure) -> String {
      let answer = try Self.git(["-C", project, "rev-parse", word])
      guard answer.isFine else {
        throw Failure(
          .badInput,
          "\(flag) \(project) is in no git repository, so no revision can be built: \(answer.last)."
        )
      }
      return answer.text
    }
    path = try ask("--show-toplevel")
    prefix = try ask("--show-prefix")
  }

  /// The commit that a name means.
  func revision(_ name: String, flag: String) throws(Failure) -> Revision {
    let answer = try Self.git([
      "-C", path, "rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}",
    ])
    guard answer.isFine, answer.text.count >= 40, answer.text.allSatisfy(\.isHexDigit) else {
      throw Failure(
        .badInput,
        "\(flag) names `\(name)`, which is no revision of this repository; options of an arm begin "
          + "with a dash.")
    }
    return Revision(name: name, commit: answer.text)
  }

  /// Whether files that git knows were changed and not committed: they are in no revision.
  var hasUncommittedChanges: Bool {
    let answer = try? Self.git(["-C", path, "status", "--porcelain", "--untracked-files=no"])
    return answer.map { $0.isFine && !$0.text.isEmpty } ?? false
  }

  /// Puts a revision's files into a folder that is not there yet.
  ///
  /// It is a clone that borrows the repository's objects, so that nothing is left behind in the
  /// repository, whatever happens to us.
  func checkOut(_ revision: Revision, to folder: String) throws(Failure) {
    for words in [
      ["clone", "--quiet", "--shared", "--no-checkout", path, folder],
      ["-C", folder, "checkout", "--quiet", "--detach", revision.commit],
    ] {
      let answer = try Self.git(words)
      if !answer.isFine {
        throw Failure(.failed, "\(revision.text) could not be checked out: \(answer.last).")
      }
    }
  }

  // MARK: - Asking git

  private struct Answer {
    let isFine: Bool
    /// Without the line's end.
    let text: String
    /// The last line of what it complained.
    let last: String
  }

  private static func git(_ words: [String]) throws(Failure) -> Answer {
    guard let program = ProgramSearch.path(of: "git") else {
      throw Failure(.badInput, "git is not installed, so no revision can be looked up.")
    }
    do {
      return try run([program] + words)
    } catch { throw Failure(.failed, "git could not be asked: \(error)") }
  }

  private static func run(_ words: [String]) throws -> Answer {
    let out = try Pipe()
    let err = try Pipe()
    var child = try ChildProcess(
      words, descriptors: [(out.writing.descriptor, 1), (err.writing.descriptor, 2)],
      environment: ["GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"])
    // What git says here is a line or two, which a pipe holds.
    let said = try lines(of: out.keepReading())
    let complained = try lines(of: err.keepReading())
    let end = try child.wait()
    return Answer(
      isFine: end == .exited(0), text: said.joined(separator: "\n"),
      last: complained.last ?? "it ended with status \(end.status)")
  }

  private static func lines(of pipe: consuming File) throws -> [String] {
    var channel = LineChannel(input: pipe, output: File(adopting: -1, path: "nothing"))
    var lines: [String] = []
    while true {
      switch try channel.receive() {
      case .text(let line): lines.append(line)
      case .silence: continue
      case .closed: return lines
      }
    }
  }
}
