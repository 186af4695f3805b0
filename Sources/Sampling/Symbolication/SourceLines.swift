import Basics
import Synchronization

/// Where the code of a file was written: functions inlined at an address, files and lines.
///
/// Units are found through their own ranges, because Swift and clang write no .debug_aranges; a
/// unit is read when the first of its addresses is asked for.
final class SourceLines: Sendable {
  struct Frame: Equatable {
    /// What the linker calls the function; nil where only the line is known.
    var name: String?
    var file = ""
    var line: Int64 = 0
    var startLine: Int64 = 0
  }

  fileprivate struct State {
    let dwarf: DwarfFile
    let ranges: [DwarfFile.UnitRange]
    let table: AddressTable
    var units: [UInt64: SourceUnit] = [:]
    var files: [UInt64: [UInt32: String]] = [:]
    var functions: [UInt64: Frame] = [:]
  }

  private let state: Mutex<State>

  /// The debug information of a program, in the file itself or where it was put aside; nil when
  /// there is none.
  convenience init?(of image: ElfFile) {
    let aside = DebugFiles.candidates(
      for: image.path, buildID: image.buildID, link: image.debugLink)
    for path in [image.path] + aside {
      guard let file = DebugFiles.opened(path, buildID: image.buildID),
        let state = Self.state(file)
      else { continue }
      self.init(state)
      return
    }
    return nil
  }

  private init(_ state: sending State) { self.state = Mutex(state) }

  private static func state(_ file: consuming File) -> sending State? {
    guard let dwarf = DwarfFile(file) else { return nil }
    // What the linker threw away was left at address zero.
    let ranges = dwarf.units().filter { $0.start > 0 }
    if ranges.isEmpty { return nil }
    let table = AddressTable(
      ranges.enumerated().map { index, range in
        AddressTable.Range(start: range.start, end: range.end, owner: Int32(index))
      })
    return State(dwarf: dwarf, ranges: ranges, table: table)
  }

  /// The functions at one of the file's own addresses, the innermost first.
  ///
  /// Empty where nothing is known. The line of an outer one is the line of its call.
  func frames(at address: UInt64) -> [Frame] { state.withLock { $0.frames(at: address) } }
}

extension SourceLines.State {
  fileprivate mutating func frames(at address: UInt64) -> [SourceLines.Frame] {
    guard let owner = table.owner(of: address) else { return [] }
    let number = ranges[Int(owner)].unit
    let unit = unit(number)
    var place = unit.place(at: address)
    var frames: [SourceLines.Frame] = []
    for function in unit.functions(at: address) {
      frames.append(self.function(function.entry).at(place, file(place, number)))
      place = function.call
    }
    if frames.isEmpty, let place {
      frames = [SourceLines.Frame().at(place, file(place, number))]
    }
    return frames
  }

  private mutating func unit(_ number: UInt64) -> SourceUnit {
    if let known = units[number] { return known }
    let unit = SourceUnit(functions: dwarf.functions(of: number), rows: dwarf.rows(of: number))
    units[number] = unit
    return unit
  }

  /// A function by its entry, as it was declared.
  private mutating func function(_ entry: UInt64) -> SourceLines.Frame {
    if let known = functions[entry] { return known }
    let (file, line) = dwarf.declaration(of: entry)
    let frame = SourceLines.Frame(
      name: dwarf.name(of: entry), file: file ?? "", startLine: Int64(line))
    functions[entry] = frame
    return frame
  }

  private mutating func file(_ place: SourceUnit.Place?, _ unit: UInt64) -> String? {
    guard let place, place.line > 0 else { return nil }
    if let known = files[unit]?[place.file] { return known }
    guard let path = dwarf.file(place.file, of: unit) else { return nil }
    files[unit, default: [:]][place.file] = path
    return path
  }
}

extension SourceLines.Frame {
  /// The same function at a line; without one it stays with the file of its declaration.
  fileprivate func at(_ place: SourceUnit.Place?, _ path: String?) -> Self {
    var frame = self
    if let path { frame.file = path }
    frame.line = Int64(place?.line ?? 0)
    return frame
  }
}
