import Basics
import CUnwind
import Glibc

/// The code that the kernel lends to every process: it is mapped everywhere and in no file.
///
/// All processes of one running kernel have the same image, so ours serves for theirs.
enum VdsoImage {
  static let name = "[vdso]"

  static func read() -> ElfFile? { bytes().flatMap { ElfFile(name: name, bytes: $0) } }

  static func bytes() -> [UInt8]? {
    guard let space = try? AddressSpace(pid: getpid()),
      let region = space.regions.first(where: { $0.path == name }),
      region.start == vb_vdso_address(),
      let start = unsafe UnsafeRawPointer(bitPattern: UInt(region.start))
    else { return nil }
    // SAFETY: the kernel maps these pages readable for the whole life of the process.
    return unsafe [UInt8](
      UnsafeRawBufferPointer(start: start, count: Int(region.end - region.start)))
  }
}
