import Basics

/// Whose work a stack is: a program of a target, by its place in the table.
struct OwnerID: Hashable, Sendable {
  let index: Int32
}

/// The processes that are watched, those they start among them, and what lies in their memory.
final class ProcessTable {
  struct Owner: Hashable {
    let target: Int
    let program: String
  }

  final class Process {
    let pid: Int32
    let target: Int
    fileprivate(set) var owner: OwnerID
    fileprivate(set) var memory: ProcessMemory
    fileprivate var unwinder: StackUnwinder?
    fileprivate var threads: Set<Int32> = []

    fileprivate init(pid: Int32, target: Int, owner: OwnerID, memory: ProcessMemory) {
      (self.pid, self.target, self.owner, self.memory) = (pid, target, owner, memory)
    }
  }

  private(set) var owners: [Owner] = []
  private(set) var common = CommonSpace()
  /// The file of each target's program: the first code that is mapped after exec.
  private(set) var programs: [Int: String] = [:]
  /// The last name of every process there ever was.
  private(set) var names: [Int32: String] = [:]
  /// For every thread there ever was, the place of its target, and its process.
  private(set) var targets: [Int32: Int] = [:]
  private(set) var pids: [Int32: Int32] = [:]
  private var places: [Owner: OwnerID] = [:]
  private var processes: [Int32: Process] = [:]
  private var mainProcesses: Set<Int32> = []
  private let images = UnwindImages()

  subscript(pid: Int32) -> Process? { processes[pid] }

  /// Whether a thread belongs to a watched process.
  func owns(thread tid: Int32) -> Bool {
    pids[tid].flatMap { processes[$0] }?.threads.contains(tid) ?? false
  }

  /// Adds a process that is there already; one that is held back has nothing of its own yet.
  func attach(_ target: RecordingTarget, at index: Int) throws(SystemError) {
    let pid = target.pid
    let name = (try? FileSystem.text(of: "/proc/\(pid)/comm")).map { $0.filter { $0 != "\n" } }
    let memory = target.isHeld ? AddressSpace() : try AddressSpace(pid: pid)
    add(pid, index, ProcessMemory(memory), name ?? "")
    mainProcesses.insert(pid)
    if !target.isHeld, programs[index] == nil {
      programs[index] = SymbolicLink.target(of: "/proc/\(pid)/exe")
    }
    for tid in Threads.of(pid) { note(tid, of: pid) }
    // Before the first sample, and not while samples wait.
    if !target.isHeld { _ = try? processes[pid].map(unwinder) }
  }

  /// Takes note of a birth; answers whether it concerns us.
  func born(_ birth: PerfRecord.Birth) -> Bool {
    guard let parent = processes[birth.parentPid] else { return false }
    if birth.pid != birth.parentPid, processes[birth.pid] == nil {
      add(birth.pid, parent.target, parent.memory, names[parent.pid] ?? "")
    }
    note(birth.tid, of: birth.pid)
    return true
  }

  func died(pid: Int32, tid: Int32) {
    guard let process = processes[pid] else { return }
    process.threads.remove(tid)
    // What a process had in memory is needed until its last thread is gone.
    if process.threads.isEmpty { processes[pid] = nil }
  }

  /// The process became another program.
  func executed(_ pid: Int32, as name: String) {
    guard let process = processes[pid] else { return }
    process.memory = ProcessMemory()
    process.unwinder?.follow(process.memory.own, forgetting: true)
    if mainProcesses.contains(pid) { programs[process.target] = nil }
    named(pid, name)
  }

  func named(_ pid: Int32, _ name: String) {
    guard let process = processes[pid] else { return }
    names[pid] = name
    process.owner = place(Owner(target: process.target, program: name))
  }

  func mapped(_ mapping: PerfRecord.Mapping) {
    guard let process = processes[mapping.pid] else { return }
    if programs[process.target] == nil, mainProcesses.contains(mapping.pid) {
      programs[process.target] = mapping.path
    }
    let change = process.memory.add(
      MappedRegion(
        start: mapping.start, end: mapping.start &+ mapping.length,
        fileOffset: mapping.fileOffset, path: mapping.path, isExecutable: mapping.isExecutable))
    if change != .known {
      process.unwinder?.follow(process.memory.own, forgetting: change == .replaced)
    }
  }

  /// The unwinder of a process, made when it is first needed.
  func unwinder(of process: Process) throws(SamplingError) -> StackUnwinder {
    if let unwinder = process.unwinder { return unwinder }
    let (images, pid) = (images, process.pid)
    let unwinder = try StackUnwinder(process.memory.own) { images.image(of: $0, in: pid) }
    process.unwinder = unwinder
    return unwinder
  }

  /// Addresses of a process where the common memory has them.
  func common(_ addresses: [UInt64], of process: Process) -> [UInt64] {
    process.memory.common(addresses, of: process.pid, in: &common)
  }

  // MARK: - Adding

  private func add(_ pid: Int32, _ target: Int, _ memory: ProcessMemory, _ name: String) {
    processes[pid] = Process(
      pid: pid, target: target, owner: place(Owner(target: target, program: name)),
      memory: memory)
    names[pid] = name
  }

  private func note(_ tid: Int32, of pid: Int32) {
    guard let process = processes[pid] else { return }
    process.threads.insert(tid)
    targets[tid] = process.target
    pids[tid] = pid
  }

  private func place(_ owner: Owner) -> OwnerID {
    if let known = places[owner] { return known }
    let id = OwnerID(index: Int32(owners.count))
    owners.append(owner)
    places[owner] = id
    return id
  }
}
