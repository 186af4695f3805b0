import Basics

/// Builds revisions with the project's own command, each in a checkout of its own.
struct RevisionBuild {
  let repository: Repository
  /// For a shell, in the project's folder.
  let command: String
  /// The program that it leaves, from there.
  let product: String
  /// Where checkouts lie.
  let folder: String
  /// Whether they stay, so that what was built before need not be built again.
  let isKept: Bool
  let progress: Progress

  static let standardCommand = "swift build -c release --product vbench"
  static let standardProduct = ".build/release/vbench"
  private static let linesShown = 15

  /// - Throws: A sentence and the end of the log when the revision cannot be built.
  func program(of revision: Revision, flag: String) throws -> MeasuredProgram {
    let place = "\(folder)/\(revision.commit.prefix(12))"
    let project = "\(place)/\(repository.prefix)"
    let path = project + product
    if isBuilt(revision, place), FileSystem.exists(path) {
      progress.say("\(revision.text) was built before; it is used as it lies in \(place).")
    } else {
      try FileSystem.removeTree(place)
      try FileSystem.makeDirectory(folder)
      progress.begin("Building \(revision.text)", fraction: 0.01)
      try repository.checkOut(revision, to: place)
      try build(revision, in: project, log: "\(place).log")
      guard FileSystem.exists(path) else {
        throw Failure(
          .failed,
          "\(revision.text) was built, and `\(command)` left no \(product); name the program with "
            + "--product.")
      }
      try FileSystem.replace(marker(place), with: Array(stamp(revision).utf8))
    }
    return try MeasuredProgram(at: path, flag: flag)
  }

  // MARK: - What was built before

  private func marker(_ place: String) -> String { "\(place).built" }

  /// What the marker says: the same commit, built in the same way.
  private func stamp(_ revision: Revision) -> String {
    "\(revision.commit)\n\(command)\n\(product)\n"
  }

  private func isBuilt(_ revision: Revision, _ place: String) -> Bool {
    isKept && (try? FileSystem.text(of: marker(place))) == stamp(revision)
  }

  // MARK: - Building

  private func build(_ revision: Revision, in project: String, log: String) throws {
    try? FileSystem.remove(marker(String(log.dropLast(4))))
    let output = try File(log, .create)
    let lifeline = try Pipe()
    var child = try ChildProcess(
      ["/bin/sh", "-c", "cd \"$VBENCH_PROJECT\" || exit 1\n\(command)"],
      descriptors: [
        (output.descriptor, 1), (output.descriptor, 2), (lifeline.writing.descriptor, 100),
      ], environment: ["VBENCH_PROJECT": project], detached: true)
    // The pipe is closed when the last process of the build has ended.
    var channel = LineChannel(
      input: lifeline.keepReading(), output: File(adopting: -1, path: "nothing"))
    while try channel.receive(milliseconds: 100) != .closed {
      if Interrupts.count > 0 { child.signalSession(15) }
    }
    let end = try child.wait()
    if Interrupts.count > 0 {
      throw Failure(
        .interrupted, "Interrupted while \(revision.text) was built, so nothing was measured.")
    }
    if end == .exited(0) { return }
    let how =
      switch end {
      case .exited(let code): "ended with status \(code)"
      case .killed(let signal): "was killed by signal \(signal)"
      }
    throw Failure(
      .failed,
      "\(revision.text) cannot be built: `\(command)` \(how)"
        + (isKept ? "; its log is \(log)." : ".") + tail(of: log))
  }

  /// The end of a log, indented, below a sentence.
  private func tail(of log: String) -> String {
    let text = (try? FileSystem.text(of: log)) ?? ""
    let lines = text.split(separator: "\n").suffix(Self.linesShown)
    if lines.isEmpty { return " It said nothing." }
    return " The end of what it said:\n"
      + lines.map { "  " + String($0.prefix(400)) }.joined(separator: "\n")
  }
}
