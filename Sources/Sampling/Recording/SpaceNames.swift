import Pprof

/// Names for the stacks of several processes: one symbolicator for each state of their memory.
final class SpaceNames {
  private let spaces: [Space]

  /// What is known about one state of a process's memory.
  struct Space {
    let target: Int
    let pid: Int32
    let processName: String
    /// Whether its target runs other programs as well.
    let isOneOfSeveral: Bool
    let symbols: Symbolicator
    let locks: LockNames?
    let program: Profile.Mapping?
  }

  init(_ spaces: [ProcessTable.Space], _ images: ImageCache) {
    // What the loader chose is read from the memory of a process: of the latest state only.
    var latest: [Int32: Int] = [:]
    var programs: [Int: Set<String>] = [:]
    for (index, space) in spaces.enumerated() {
      latest[space.pid] = index
      programs[space.target, default: []].insert(space.processName)
    }
    self.spaces = spaces.enumerated().map { index, space in
      let chosen =
        latest[space.pid] == index
        ? ChosenFunctions(pid: space.pid, space.memory, images) : ChosenFunctions()
      let isLatest = latest[space.pid] == index
      let symbols = Symbolicator(
        space.memory, images, chosen: chosen, perfMap: isLatest ? PerfMap(pid: space.pid) : nil)
      return Space(
        target: space.target, pid: space.pid, processName: space.processName,
        isOneOfSeveral: programs[space.target, default: []].count > 1, symbols: symbols,
        locks: LockNames(pid: space.pid, space.memory, images),
        program: space.program.flatMap(symbols.program))
    }
  }

  /// For a single process that watched itself.
  init(_ symbols: Symbolicator) {
    spaces = [
      Space(
        target: 0, pid: 0, processName: "", isOneOfSeveral: false, symbols: symbols,
        locks: nil, program: nil)
    ]
  }

  /// The mapping of the program that a target became; nil when it is not known.
  func program(of target: Int) -> Profile.Mapping? {
    let first = spaces.first { $0.target == target }?.pid
    return spaces.last { $0.target == target && $0.pid == first }?.program
  }

  /// Every file that has places without names, those with the most first.
  var unnamedFiles: [UnnamedFile] {
    var seen: Set<String> = []
    return spaces.flatMap(\.symbols.unnamedFiles)
      .sorted { ($1.frames, $0.path) < ($0.frames, $1.path) }
      .filter { seen.insert($0.path).inserted }
  }

  /// Every process that was seen, under the last name it had.
  var processes: [Timeline.Process] {
    let names = spaces.reduce(into: [Int32: String]()) { $0[$1.pid] = $1.processName }
    return names.sorted { $0.key < $1.key }.map { Timeline.Process(pid: $0.key, name: $0.value) }
  }

  subscript(id: SpaceID) -> Space { spaces[Int(id.index)] }
}
