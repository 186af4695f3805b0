import Basics
import CElf
import Glibc

extension HeapShim {
  /// Says why a program's memory cannot be watched, or nil when nothing speaks against it.
  ///
  /// A script is judged by its interpreter. What cannot be read is not refused here: starting it
  /// will say more.
  package static func refusal(forProgram path: String) -> String? {
    refusal(path, depth: 0)
  }

  private static func refusal(_ path: String, depth: Int) -> String? {
    if let interpreter = interpreter(ofScript: path), depth < 4 {
      return refusal(interpreter, depth: depth + 1)
    }
    if gainsRights(path) {
      return "\(path) runs with the rights of another user, and the loader lets nobody preload"
        + " a library into such a program."
    }
    guard let file = try? File(path, .read), let elf = ElfReader(descriptor: file.descriptor)
    else { return nil }
    return refusal(path, elf)
  }

  private static func refusal(_ path: String, _ elf: borrowing ElfReader) -> String? {
    let sections = elf.sectionNames()
    let isGo = sections.contains(".go.buildinfo") || sections.contains(".gopclntab")
    let loads = elf.programHeaders().contains { $0.p_type == UInt32(PT_INTERP) }
    if isGo, !loads || !elf.imports().values.contains("malloc") {
      return "\(path) is a Go program: Go has an allocator of its own and does not call malloc."
        + " Its own heap profile is at /debug/pprof/heap, or in runtime/pprof."
    }
    if !loads {
      return "\(path) is linked statically: its malloc is part of it and cannot be replaced."
    }
    if elf.symbols().list.contains(where: { $0.name == "malloc" && $0.address != 0 }) {
      return "\(path) brings a malloc of its own, which goes before any preloaded one."
    }
    return nil
  }

  /// The program that a file's first line asks for.
  private static func interpreter(ofScript path: String) -> String? {
    guard let file = try? File(path, .read), let start = try? file.read(at: 0, count: 256),
      start.starts(with: "#!".utf8)
    else { return nil }
    let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
    let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return words.first.map(String.init)
  }

  private static func gainsRights(_ path: String) -> Bool {
    var status = stat()
    // SAFETY: stat fills one local structure.
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_ISUID != 0 && status.st_uid != geteuid()
      || status.st_mode & S_ISGID != 0 && status.st_gid != getegid()
  }
}
