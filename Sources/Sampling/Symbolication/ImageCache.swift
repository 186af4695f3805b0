import Synchronization

/// Files that were read once and serve every recording of this process.
///
/// Reading the symbols of a large program takes a tenth of a second; five trials of the same
/// program need it once.
package final class ImageCache: Sendable {
  private let images = Mutex<[String: ElfFile?]>([:])
  private let lines = Mutex<[String: SourceLines?]>([:])

  package init() {}

  /// Whether lines and inlined functions can be read here, which takes libdw.
  package static var canReadLines: Bool { DwarfFile.isPossible }

  /// The file at a path, or the vdso; nil when it is not an ELF file.
  func image(_ path: String) -> ElfFile? {
    guard path.hasPrefix("/") || path == VdsoImage.name else { return nil }
    return images.withLock { images in
      if let known = images[path] { return known }
      let image = path == VdsoImage.name ? VdsoImage.read() : ElfFile(path: path)
      images[path] = image
      return image
    }
  }

  /// Each file of a memory once, and how far its addresses are shifted there.
  func images(in space: AddressSpace) -> [(image: ElfFile, bias: UInt64)] {
    var seen: Set<String> = []
    return space.regions.compactMap { region in
      guard seen.insert(region.path).inserted, let image = image(region.path),
        let own = image.address(of: region.start, in: region)
      else { return nil }
      return (image, region.start &- own)
    }
  }

  /// The lines of a file's code; nil when nobody wrote them down.
  func lines(of image: ElfFile) -> SourceLines? {
    lines.withLock { lines in
      if let known = lines[image.path] { return known }
      let found = SourceLines(of: image)
      lines[image.path] = found
      return found
    }
  }
}
