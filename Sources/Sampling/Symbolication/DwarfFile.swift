import Basics
import CDwarf

/// The debug information of one open file, read by libdw where that is installed.
///
/// Invariants: `dwarf` came from `vb_dwarf_open` and is closed once; the file stays open as long;
/// texts that libdw hands out belong to it and are copied at once. One thread at a time.
@safe final class DwarfFile {
  /// Code of a unit, by the unit's own offset.
  struct UnitRange {
    let unit: UInt64
    let start: UInt64
    let end: UInt64
  }

  private let file: File
  private let dwarf: OpaquePointer
  /// Damaged tables may claim anything; no honest unit has as much.
  private static let most = 8_000_000

  /// Whether libdw is installed; without it frames have names but neither lines nor inlined ones.
  static var isPossible: Bool { vb_dwarf_load() }

  /// Nil when the file has no debug information, or when libdw is not installed.
  init?(_ file: consuming File) {
    // SAFETY: the descriptor stays open with the file, which this object keeps.
    guard let dwarf = unsafe vb_dwarf_open(file.descriptor) else { return nil }
    unsafe self.dwarf = dwarf
    self.file = file
  }

  deinit {
    // SAFETY: closed once, here.
    unsafe vb_dwarf_close(dwarf)
  }

  func units() -> [UnitRange] {
    var list: [UnitRange] = []
    // SAFETY: the visitor gets the list's own address back, and only during the call.
    unsafe withUnsafeMutablePointer(to: &list) { list in
      unsafe vb_dwarf_each_unit(
        dwarf,
        { context, unit, start, end in
          let list = unsafe context.assumingMemoryBound(to: [UnitRange].self)
          unsafe list.pointee.append(UnitRange(unit: unit, start: start, end: end))
          return unsafe list.pointee.count < DwarfFile.most
        }, list)
    }
    return list
  }

  func functions(of unit: UInt64) -> [vb_dwarf_function] {
    var list: [vb_dwarf_function] = []
    // SAFETY: as above; the function is copied before the visitor returns.
    unsafe withUnsafeMutablePointer(to: &list) { list in
      unsafe vb_dwarf_each_function(
        dwarf, unit,
        { context, function in
          let list = unsafe context.assumingMemoryBound(to: [vb_dwarf_function].self)
          unsafe list.pointee.append(function.pointee)
          return unsafe list.pointee.count < DwarfFile.most
        }, list)
    }
    return list
  }

  /// Which line each stretch of code comes from, sorted by address.
  func rows(of unit: UInt64) -> [vb_dwarf_row] {
    var list: [vb_dwarf_row] = []
    // SAFETY: as above.
    unsafe withUnsafeMutablePointer(to: &list) { list in
      unsafe vb_dwarf_each_row(
        dwarf, unit,
        { context, row in
          let list = unsafe context.assumingMemoryBound(to: [vb_dwarf_row].self)
          unsafe list.pointee.append(row.pointee)
          return unsafe list.pointee.count < DwarfFile.most
        }, list)
    }
    return list
  }

  func file(_ number: UInt32, of unit: UInt64) -> String? {
    // SAFETY: the texts belong to libdw, which is open; they are copied at once.
    unsafe Self.path(vb_dwarf_file(dwarf, unit, number))
  }

  /// What the linker calls a function, or its plain name.
  func name(of entry: UInt64) -> String? {
    // SAFETY: the text ends with a zero and is copied at once.
    unsafe vb_dwarf_name(dwarf, entry).map { unsafe String(cString: $0) }
  }

  /// Where a function begins, by its declaration.
  func declaration(of entry: UInt64) -> (file: String?, line: UInt32) {
    var file = unsafe vb_dwarf_path()
    // SAFETY: as above.
    let line = unsafe vb_dwarf_declared(dwarf, entry, &file)
    return (unsafe Self.path(file), line)
  }

  /// Compilers write names in place of a path for code that nobody wrote.
  private static func path(_ file: vb_dwarf_path) -> String? {
    // SAFETY: as above.
    guard let text = unsafe file.path.map({ unsafe String(cString: $0) }), text != "???",
      !text.hasSuffix("<compiler-generated>")
    else { return nil }
    guard !text.hasPrefix("/"),
      let folder = unsafe file.folder.map({ unsafe String(cString: $0) }), folder.hasPrefix("/")
    else { return text }
    return "\(folder)/\(text.hasPrefix("./") ? text.dropFirst(2) : text[...])"
  }
}
