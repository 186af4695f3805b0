import Basics

/// The files that unwinding has looked at, each once for all processes.
final class UnwindImages {
  private var images: [String: UnwindImage?] = [:]

  /// The image of a region of a process; nil for what is in no file, or in none that can be read.
  func image(of region: MappedRegion, in pid: Int32) -> UnwindImage? {
    let path = region.path
    if path == VdsoImage.name {
      return known(path) { VdsoImage.bytes().map(ElfBytes.init) }
    }
    guard path.hasPrefix("/"), !path.hasPrefix("//") else { return nil }
    return known(path) {
      // In a container the same path means another file; and a file that was replaced by a new
      // build still runs, reachable only through the process.
      for candidate in ["/proc/\(pid)/root\(path)", path, Self.link(to: region, in: pid)] {
        if let contents = try? ElfBytes(path: candidate) { return contents }
      }
      return nil
    }
  }

  private func known(_ path: String, _ open: () -> ElfBytes?) -> UnwindImage? {
    if let known = images[path] { return known }
    let image = open().flatMap { UnwindImage($0) }
    images[path] = image
    return image
  }

  private static func link(to region: MappedRegion, in pid: Int32) -> String {
    let range = "\(String(region.start, radix: 16))-\(String(region.end, radix: 16))"
    return "/proc/\(pid)/map_files/\(range)"
  }
}
