import Basics
import Glibc

/// The folder for stores while a run lasts.
///
/// It goes away with us, however we go.
///
/// A second process, the janitor, waits at the other end of a pipe. When this process ends, even
/// by SIGKILL, the pipe closes and the janitor removes the folder. It has a session of its own, so
/// a Ctrl-C at the terminal does not reach it.
struct WorkFolder: ~Copyable {
  let path: String
  private let lifeline: File
  private var janitor: ChildProcess

  init(beside parent: String) throws {
    let stamp = String(Clock.now(), radix: 36)
    path = "\(parent)/.vbench-\(stamp)"
    let pipe = try Pipe()
    try FileSystem.makeDirectory(path)
    let reading = pipe.reading.descriptor
    janitor = try ChildProcess(
      [OwnProgram.path, JanitorCommand.name, path], descriptors: [(reading, 0)], detached: true)
    lifeline = pipe.keepWriting()
  }

  /// Lets the janitor do its work and waits for it.
  consuming func remove() {
    try? lifeline.close()
    var janitor = janitor
    _ = try? janitor.wait()
  }
}

/// `vbench __janitor FOLDER`: waits for the end of its input, then removes the folder.
enum JanitorCommand {
  static let name = "__janitor"

  static let command = Command(
    name, "Removes a work folder when its owner is gone.", operands: .exactly(1, "FOLDER"),
    hidden: true
  ) { invocation in
    var channel = LineChannel(
      input: File(adopting: 0, path: "lifeline"), output: File(adopting: 2, path: "errors"))
    while try channel.receive() != .closed {}
    let folder = invocation.operands[0]
    // Only what we made ourselves is ever removed.
    guard folder.split(separator: "/").last?.hasPrefix(".vbench-") == true else {
      throw Failure(.failed, "\(folder) is no work folder of vbench.")
    }
    try FileSystem.removeTree(folder)
    return .fine
  }
}

/// The program itself, to be started again in another part.
enum OwnProgram {
  static let processID = getpid()

  static let path = RealPath.of("/proc/self/exe") ?? "vbench"
}
