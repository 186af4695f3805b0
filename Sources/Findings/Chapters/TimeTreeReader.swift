import Measurement
import Vocabulary

/// Grows a time tree for every operation that was timed, or for each role's CPU where none was.
struct TimeTreeReader {
  let evidence: Evidence
  let splits: [TimeSplit]

  func trees() -> [TimeTree] {
    let timed = splits.compactMap(tree(of:))
    guard timed.isEmpty else { return timed }
    return evidence.roles.compactMap { role in
      role.profiles[.cpu].flatMap { cpu in
        cpu.isTime && cpu.total > 0 ? tree(of: cpu, role) : nil
      }
    }.sorted { ($1.whole, $0.role) < ($0.whole, $1.role) }
  }

  // MARK: - Trees

  private func tree(of split: TimeSplit) -> TimeTree? {
    guard let engine = evidence.role(Role.engine.rawValue) else { return nil }
    let each = 1 / Double(split.count)
    let cpu = engine.profiles[.cpu]?.of(operation: split.operation)
    let block = engine.profiles[.block]?.of(operation: split.operation)
    var children: [TimeNode] = []
    if let cpu, cpu.total > 0 {
      children.append(functions(cpu, named: Self.sampled("CPU", cpu), each: each) { _ in true })
    }
    if let block {
      for row in block.rows({ [$0.waitClass ?? "other"] }) where row.seconds > 0 {
        children.append(
          functions(block, named: Self.words(row.name), each: each) {
            ($0.waitClass ?? "other") == row.name
          })
      }
    }
    let sum = children.reduce(0) { $0 + $1.seconds }
    let rest = split.service - sum
    if rest > 0 { children.append(TimeNode(name: Prose(split.restMeaning), seconds: rest)) }
    let root = TimeNode(
      name: "\(name: split.operation), mean of \(Wording.count(split.count))",
      seconds: max(split.service, sum), children: children)
    return TimeTree(
      root, title: "\(name: split.operation)", operation: split.operation, role: engine.name,
      samples: cpu?.sampleCount, note: rest < -0.001 * split.service ? surplus(sum, split) : nil)
  }

  private func surplus(_ sum: Double, _ split: TimeSplit) -> Prose {
    "The parts add up to \(Wording.seconds(sum)), \(Wording.percent(sum / split.service - 1)) more than the \(Wording.seconds(split.service)) that were timed: here 100 % is their sum."
  }

  private func tree(of cpu: ProfileSlice, _ role: RoleEvidence) -> TimeTree {
    let root = functions(cpu, named: Self.sampled("CPU of \(name: role.name)", cpu), each: 1) {
      _ in true
    }
    return TimeTree(
      root, title: "\(name: role.name)", operation: nil, role: role.name,
      samples: cpu.sampleCount)
  }

  static func words(_ waitClass: String) -> Prose {
    switch waitClass {
    case "preempted": "preempted"
    case "runnable", "runqueue": "woken and waiting for a core"
    case "lock": "waiting for a lock"
    case "disk": "waiting for the disk"
    case "condition": "waiting for another thread"
    case "sleep": "asleep"
    case "other", "unknown": "waiting, for what is not known"
    default: "waiting: \(name: waitClass)"
    }
  }

  // MARK: - Functions

  /// A function found less often is not told from its neighbors.
  private static let fewestSamples = 5.0

  private static func sampled(_ name: Prose, _ slice: ProfileSlice) -> Prose {
    "\(name), in \(Wording.counted(slice.sampleCount, "sample"))"
  }

  private struct Branch {
    var symbol: Int32
    var value = 0.0
    var children: [Int] = []
  }

  private struct Place: Hashable {
    let parent: Int
    let symbol: Int32
  }

  /// The project's functions from the root down; below them what they called of others, once.
  private func functions(
    _ slice: ProfileSlice, named name: Prose, each: Double, where matches: (StackSample) -> Bool
  ) -> TimeNode {
    var branches = [Branch(symbol: -1)]
    var positions: [Place: Int] = [:]
    for sample in slice.samples where sample.value > 0 && matches(sample) {
      let value = Double(sample.value) / 1e9 * each
      branches[0].value += value
      var current = 0
      for symbol in path(sample, slice.table) {
        let place = Place(parent: current, symbol: symbol)
        if let known = positions[place] {
          current = known
        } else {
          branches.append(Branch(symbol: symbol))
          branches[current].children.append(branches.count - 1)
          positions[place] = branches.count - 1
          current = branches.count - 1
        }
        branches[current].value += value
      }
    }
    var root = node(0, branches, slice.table)
    root.name = name
    // Of a wait its length is known; what CPU is told apart by is samples.
    if slice.kind == .cpu {
      root.least = root.seconds * Self.fewestSamples / Double(max(1, slice.sampleCount))
    }
    return root
  }

  private func path(_ sample: StackSample, _ table: SymbolTable) -> [Int32] {
    // Of a wait its kind is said already; who waits is enough.
    if sample.waitClass != nil {
      return sample.symbols.first { table[$0].layer == .project }.map { [$0] } ?? []
    }
    var path: [Int32] = []
    for symbol in sample.symbols.reversed() where table[symbol].layer == .project {
      // A closure inside a closure of the same function is the same place to a reader.
      if path.last.map({ table[$0].short }) != table[symbol].short { path.append(symbol) }
    }
    // Where nobody of the project asked, the outermost function says whose work it is: the
    // collector, the scheduler, a connection.
    if path.isEmpty, let root = sample.symbols.last, table[root].layer == .system {
      path.append(root)
    }
    guard let leaf = sample.symbols.first, path.last != leaf,
      [.system, .kernel].contains(table[leaf].layer)
    else { return path }
    return path + [leaf]
  }

  private func node(_ index: Int, _ branches: [Branch], _ table: SymbolTable) -> TimeNode {
    let branch = branches[index]
    return TimeNode(
      name: branch.symbol >= 0 ? "\(name: table[branch.symbol].short)" : "",
      seconds: branch.value,
      place: branch.symbol >= 0
        ? table.files[branch.symbol].map(CodeLocations.shortened) : nil,
      children: branch.children.map { node($0, branches, table) })
  }
}
