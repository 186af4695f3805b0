/// What is mounted where a path lies: the type of file system and the device behind it.
///
/// From /proc/self/mountinfo, one line a mount:
///
///     27 1 254:0 / /data rw,relatime shared:1 - ext4 /dev/vda rw,discard
///          device  │     │                      │    │        └ options of the file system
///                  root  point                  type source
package struct Mount: Sendable, Equatable {
  package let point: String
  /// `major:minor`; file systems without a block device of their own have the major 0.
  package let device: String
  package let type: String
  package let source: String
  package let options: [String]

  /// The mount that holds a path, or nil when nobody can tell.
  package static func holding(_ path: String) -> Mount? {
    guard let table = try? FileSystem.text(of: "/proc/self/mountinfo") else { return nil }
    return holding(RealPath.of(path) ?? path, in: table)
  }

  /// The longest mount point that is a prefix; of two at one point the later one is on top.
  static func holding(_ path: String, in table: String) -> Mount? {
    let mounts = table.split(separator: "\n").compactMap { Mount(line: String($0)) }
    return mounts.filter { $0.holds(path) }
      .reduce(nil) { best, mount in
        guard let best, best.point.count > mount.point.count else { return mount }
        return best
      }
  }

  private func holds(_ path: String) -> Bool {
    point == "/" || path == point || path.hasPrefix(point + "/")
  }

  init?(line: String) {
    let fields = line.split(separator: " ").map(String.init)
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 2 else {
      return nil
    }
    device = fields[2]
    point = Self.unescaped(fields[4])
    type = fields[dash + 1]
    source = Self.unescaped(fields[dash + 2])
    options = (fields.count > dash + 3 ? fields[dash + 3] : "").split(separator: ",")
      .map(String.init)
  }

  /// The kernel writes a space as `\040`, and so on for what would break a line of fields.
  private static func unescaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      let isEscape =
        byte == UInt8(ascii: "\\") && digits.count == 3
        && digits.allSatisfy { (48...55).contains($0) }
      if isEscape, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A file system that is memory itself, where a sync is free.
  package var isMemory: Bool { ["tmpfs", "ramfs", "devtmpfs", "hugetlbfs"].contains(type) }

  /// A name that tells two devices apart and nothing about the machine: `vda1`, and of what is not
  /// in /dev, such as a server's export, its type and a checksum of its name.
  package var deviceName: String {
    if source.hasPrefix("/dev/") { return String(source.dropFirst(5)) }
    let digits = String(CRC32C.of(Array(source.utf8)), radix: 16)
    return "\(type)-\(String(repeating: "0", count: 8 - digits.count))\(digits)"
  }
}
