import Glibc
import Pprof

/// Names for what was recorded: functions, locks, programs.
final class RecordedNames {
  let symbols: Symbolicator
  private let owners: [ProcessTable.Owner]
  private let programs: [Int: String]
  private let processNames: [Int32: String]
  private let locks: LockNames?
  /// Targets that ran more than one program.
  private let mixed: Set<Int>

  init(_ result: Drainer.Result, _ targets: [RecordingTarget], _ images: ImageCache) {
    owners = result.owners
    programs = result.programs
    processNames = result.processNames
    mixed = Set(
      Dictionary(grouping: result.owners, by: \.target).filter { $0.value.count > 1 }.keys)
    let first = targets.first?.pid ?? getpid()
    let space = result.common.memory
    symbols = Symbolicator(
      space, images, chosen: Self.chosen(targets, result.common, images),
      perfMap: PerfMap(pid: first))
    locks = LockNames(pid: first, space, images)
  }

  /// For a single process that watched itself.
  init(_ symbols: Symbolicator) {
    self.symbols = symbols
    owners = [ProcessTable.Owner(target: 0, program: "")]
    (programs, processNames, locks, mixed) = ([:], [:], nil, [])
  }

  func target(of id: OwnerID) -> Int { owners[Int(id.index)].target }

  /// The program, where its target ran several.
  func program(of id: OwnerID) -> String? {
    let owner = owners[Int(id.index)]
    return mixed.contains(owner.target) ? owner.program : nil
  }

  /// The mapping of the program that a target became; nil when it is not known.
  func program(of target: Int) -> Profile.Mapping? { programs[target].flatMap(symbols.program) }

  func lock(at address: UInt64) -> String {
    locks?.name(at: address) ?? "0x" + String(address, radix: 16)
  }

  /// Every process that was seen, under the last name it had.
  var processes: [Timeline.Process] {
    processNames.sorted { $0.key < $1.key }.map { Timeline.Process(pid: $0.key, name: $0.value) }
  }

  /// What the loader chose is read from the memory of processes that still live, and from ours: the
  /// same library chooses the same on one machine.
  private static func chosen(
    _ targets: [RecordingTarget], _ common: CommonSpace, _ images: ImageCache
  ) -> ChosenFunctions {
    var common = common
    var names: [UInt64: String] = [:]
    for pid in targets.map(\.pid).prefix(16) + [getpid()] {
      guard let space = try? AddressSpace(pid: pid) else { continue }
      var memory = ProcessMemory(space)
      let found = ChosenFunctions(pid: pid, space, images).byAddress.sorted { $0.key < $1.key }
      let moved = memory.common(found.map(\.key), of: pid, in: &common)
      names.merge(zip(moved, found.map(\.value))) { known, _ in known }
    }
    return ChosenFunctions(names)
  }
}
