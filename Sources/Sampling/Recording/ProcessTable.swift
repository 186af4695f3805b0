import Basics

/// One state of a process's memory, by its place in the table.
struct SpaceID: Hashable, Sendable {
  let index: Int32
}

/// The processes that are watched, those they start among them, and what lies in their memory.
///
/// A process gets a new space whenever something takes the place of something else: at exec, and
/// when a library is unloaded and another one loaded there. Stacks remember the space they were
/// seen in, so that their addresses mean later what they meant then.
final class ProcessTable {
  /// The memory of a process between two such changes; regions are only added to it.
  final class Space {
    let pid: Int32
    let target: Int
    fileprivate(set) var memory: AddressSpace
    fileprivate(set) var processName: String
    /// The file of the program: the first code that is mapped after exec.
    fileprivate(set) var program: String?

    fileprivate init(pid: Int32, target: Int, memory: AddressSpace, processName: String) {
      (self.pid, self.target) = (pid, target)
      (self.memory, self.processName) = (memory, processName)
    }
  }

  final class Process {
    let pid: Int32
    let target: Int
    fileprivate(set) var space: SpaceID
    fileprivate var unwinder: StackUnwinder?

    fileprivate init(pid: Int32, target: Int, space: SpaceID) {
      (self.pid, self.target, self.space) = (pid, target, space)
    }
  }

  private(set) var spaces: [Space] = []
  private var processes: [Int32: Process] = [:]
  private var threads: Set<Int32> = []
  /// For every thread there ever was, the place of its target.
  private(set) var targets: [Int32: Int] = [:]
  /// And the process it belongs to.
  private(set) var owners: [Int32: Int32] = [:]
  private let images = UnwindImages()

  var isEmpty: Bool { processes.isEmpty }

  subscript(pid: Int32) -> Process? { processes[pid] }

  /// Whether a thread belongs to a watched process.
  func owns(thread tid: Int32) -> Bool { threads.contains(tid) }

  /// Adds a process that is there already.
  func attach(_ pid: Int32, target: Int) throws(SystemError) {
    let name = (try? FileSystem.text(of: "/proc/\(pid)/comm")).map { $0.filter { $0 != "\n" } }
    add(pid, target, try AddressSpace(pid: pid), name ?? "")
    spaces.last?.program = SymbolicLink.target(of: "/proc/\(pid)/exe")
    for tid in Threads.of(pid) { note(tid, of: pid, target) }
    // Before the first sample, and not while samples wait.
    _ = try? processes[pid].map(unwinder)
  }

  /// Takes note of a birth; answers whether it concerns us.
  func born(_ birth: PerfRecord.Birth) -> Bool {
    guard let parent = processes[birth.parentPid] else { return false }
    note(birth.tid, of: birth.pid, parent.target)
    if birth.pid != birth.parentPid, processes[birth.pid] == nil {
      let space = space(of: parent)
      add(birth.pid, parent.target, space.memory, space.processName)
    }
    return true
  }

  func died(pid: Int32, tid: Int32) {
    threads.remove(tid)
    // Its records may still be about to come from another thread's last moments, but not its own.
    if pid == tid { processes[pid]?.unwinder = nil }
  }

  /// The process became another program.
  func executed(_ pid: Int32, as name: String) {
    guard let process = processes[pid] else { return }
    renew(process, AddressSpace(), name)
  }

  func named(_ pid: Int32, _ name: String) {
    if let process = processes[pid] { space(of: process).processName = name }
  }

  func mapped(_ mapping: PerfRecord.Mapping) {
    guard let process = processes[mapping.pid] else { return }
    let space = space(of: process)
    if space.program == nil, space.memory.regions.isEmpty { space.program = mapping.path }
    var memory = space.memory
    let region = MappedRegion(
      start: mapping.start, end: mapping.start &+ mapping.length, fileOffset: mapping.fileOffset,
      path: mapping.path, isExecutable: mapping.isExecutable)
    switch memory.add(region) {
    case .known: break
    case .added:
      space.memory = memory
      process.unwinder?.follow(memory, forgetting: false)
    case .replaced:
      renew(process, memory, space.processName)
      spaces.last?.program = space.program
    }
  }

  /// The unwinder of a process, made when it is first needed.
  func unwinder(of process: Process) throws(SamplingError) -> StackUnwinder {
    if let unwinder = process.unwinder { return unwinder }
    let images = images
    let pid = process.pid
    let unwinder = try StackUnwinder(space(of: process).memory) { images.image(of: $0, in: pid) }
    process.unwinder = unwinder
    return unwinder
  }

  private func note(_ tid: Int32, of pid: Int32, _ target: Int) {
    threads.insert(tid)
    owners[tid] = pid
    targets[tid] = target
  }

  // MARK: - Spaces

  private func space(of process: Process) -> Space { spaces[Int(process.space.index)] }

  private func add(_ pid: Int32, _ target: Int, _ memory: AddressSpace, _ name: String) {
    processes[pid] = Process(pid: pid, target: target, space: place(pid, target, memory, name))
  }

  private func renew(_ process: Process, _ memory: AddressSpace, _ name: String) {
    process.space = place(process.pid, process.target, memory, name)
    process.unwinder?.follow(memory, forgetting: true)
  }

  private func place(
    _ pid: Int32, _ target: Int, _ memory: AddressSpace, _ name: String
  ) -> SpaceID {
    spaces.append(Space(pid: pid, target: target, memory: memory, processName: name))
    return SpaceID(index: Int32(spaces.count - 1))
  }
}
