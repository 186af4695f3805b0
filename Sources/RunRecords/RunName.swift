import Basics

/// The name of a run directory: `YYYYMMDD_HHMMSS` in local time, then perhaps a label.
package struct RunName: Sendable, Equatable {
  package let text: String

  /// Refuses a label that could leave the folder, hide itself, or confuse a shell.
  package init(startedAtWallNanoseconds wall: UInt64, label: String?) throws(RunError) {
    let stamp = LocalTime.stamp(wall)
    guard let label else {
      text = stamp
      return
    }
    if !Self.isHarmless(label) { throw .hostileLabel(label) }
    text = "\(stamp)_\(label)"
  }

  /// The name as given for the first try, then with `.2`, `.3` … when others took it.
  func attempt(_ number: Int) -> String { number == 1 ? text : "\(text).\(number)" }

  package static func isHarmless(_ label: String) -> Bool {
    let bytes = Array(label.utf8)
    guard let first = bytes.first, bytes.count <= 64, isAlphanumeric(first) else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
