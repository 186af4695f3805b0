import Basics
import Vocabulary

/// A process to watch, under the name its profiles will have.
struct RecordedService {
  let role: Role
  let pid: Int32
  /// When the process began, by the kernel's count; tells it from a later one with its number.
  let birth: String

  /// From `-p` and `--service`; refuses what is not there, is ours, or is named twice.
  static func all(_ invocation: Invocation) throws -> [RecordedService] {
    var services: [RecordedService] = []
    if let pid = invocation.count("pid") {
      services.append(try RecordedService(pid: Int32(pid), name: invocation.text("name")))
    }
    for text in invocation.list("service") ?? [] {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let pid = Int32(parts[1]), pid > 0 else {
        throw Failure.usage(
          "--service wants NAME=PID; `\(text)` is not that.", invocation.command)
      }
      services.append(try RecordedService(pid: pid, name: parts[0]))
    }
    for (index, service) in services.enumerated() {
      if services[..<index].contains(where: { $0.pid == service.pid }) {
        throw Failure.usage("Process \(service.pid) is named twice.", invocation.command)
      }
      if services[..<index].contains(where: { $0.role == service.role }) {
        throw Failure.usage(
          "Two services are called \(service.role.rawValue); give each a name of its own with "
            + "--service NAME=PID.", invocation.command)
      }
    }
    return services
  }

  init(pid: Int32, name: String?) throws {
    guard let birth = Self.birth(of: pid) else {
      throw Failure(.badInput, "There is no process \(pid).")
    }
    if pid == OwnProgram.processID {
      throw Failure(.badInput, "Process \(pid) is vbench itself, which cannot watch itself.")
    }
    let program = (try? FileSystem.text(of: "/proc/\(pid)/comm")) ?? ""
    self.init(role: Self.role(name ?? program), pid: pid, birth: birth)
  }

  init(role: Role, pid: Int32, birth: String) {
    (self.role, self.pid, self.birth) = (role, pid, birth)
  }

  /// Whether the process is still the one that was meant.
  var isAlive: Bool { Self.birth(of: pid) == birth }

  /// A name that can be part of a file's.
  static func role(_ name: String) -> Role {
    let letters = name.filter { $0 != "\n" }.map { letter -> Character in
      let isPlain = letter.isASCII && (letter.isLetter || letter.isNumber || "-.".contains(letter))
      return isPlain ? letter : "-"
    }
    let text = String(letters.drop { $0 == "." || $0 == "-" }.prefix(48))
    return Role(rawValue: text.isEmpty ? "program" : text)
  }

  /// Field 22 of `stat`, counted behind the name, which may hold anything; nil for a process that
  /// is gone or only waits to be reaped.
  static func birth(of pid: Int32) -> String? {
    guard let text = try? FileSystem.text(of: "/proc/\(pid)/stat"),
      let close = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(fields[19])
  }
}
