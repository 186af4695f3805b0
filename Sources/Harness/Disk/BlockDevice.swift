package import Basics

/// What the kernel tells of the disk behind a mount, where there is one.
package struct BlockDevice: Sendable {
  private let folder: String
  package let writeCache: String?
  package let isRotational: Bool?

  /// Nil for file systems without a block device of their own: memory, networks, overlays.
  package init?(of mount: Mount) {
    let link = "/sys/dev/block/\(mount.device)"
    guard let own = RealPath.of(link) else { return nil }
    // A partition has its queue and its flushes counted one folder up.
    let isPartition = FileSystem.exists("\(own)/partition")
    folder = isPartition ? "\(own)/.." : own
    writeCache = Self.line("\(folder)/queue/write_cache")
    isRotational = Self.line("\(folder)/queue/rotational").map { $0 == "1" }
  }

  /// Flushes that the device has completed since it was found; nil on kernels that do not count.
  var flushes: Int? {
    let fields = (Self.line("\(folder)/stat") ?? "").split(separator: " ")
    // Four groups of four: reads, writes, what is under way and discards; then the flushes.
    return fields.count > 15 ? Int(fields[15]) : nil
  }

  private static func line(_ path: String) -> String? {
    (try? FileSystem.text(of: path))?.split(separator: "\n").first.map(String.init)
  }
}
