import Basics

/// Functions that a program made while it ran, as its own compiler lists them for profilers.
///
/// Node, the JVM, .NET and others write `/tmp/perf-PID.map`, one function a line: start and size
/// in hexadecimal, then the name, which may hold spaces. Code is moved and its place used again, so
/// of two lines for one place the later one counts.
package struct PerfMap: Sendable {
  private let names: [String]
  private let table: AddressTable

  /// Lines that are none are left out.
  package init(text: String) {
    var names: [String] = []
    var ranges: [AddressTable.Range] = []
    // Bytes, because a name may be cut in the middle of a letter while it is being written.
    for line in text.utf8.split(separator: UInt8(ascii: "\n")).prefix(Self.most) {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count == 3, let start = Self.number(fields[0]),
        let size = Self.number(fields[1]), size > 0
      else { continue }
      let (end, overflow) = start.addingReportingOverflow(size)
      if overflow { continue }
      ranges.append(AddressTable.Range(start: start, end: end, owner: Int32(names.count)))
      names.append(String(decoding: fields[2].prefix(Self.longest), as: UTF8.self))
    }
    self.names = names
    table = AddressTable(ranges)
  }

  /// Reads the map of a process, as the process itself sees its folders; empty without one.
  package init(pid: Int32) {
    let inside = Self.innermost(pid)
    let root = "/proc/\(pid)/root"
    let candidates = [
      "\(root)/tmp/perf-\(inside).map", "\(root)/tmp/perf-\(pid).map", "/tmp/perf-\(pid).map",
    ]
    let bytes = candidates.lazy.compactMap { try? FileSystem.contents(of: $0) }.first
    self.init(text: String(decoding: bytes ?? [], as: UTF8.self))
  }

  package var isEmpty: Bool { names.isEmpty }

  /// The function that holds an address of the process.
  func name(at address: UInt64) -> String? { table.owner(of: address).map { names[Int($0)] } }

  private static let most = 4_000_000
  private static let longest = 4_096

  private static func number(_ text: Substring.UTF8View) -> UInt64? {
    var digits = Substring(text)
    if digits.hasPrefix("0x") { digits = digits.dropFirst(2) }
    return digits.hasPrefix("+") ? nil : UInt64(digits, radix: 16)
  }

  /// The number that a process in a container has for itself.
  private static func innermost(_ pid: Int32) -> Int32 {
    let status = (try? FileSystem.text(of: "/proc/\(pid)/status")) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }
    return line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last.flatMap { Int32($0) }
      ?? pid
  }
}
