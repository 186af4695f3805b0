import Pprof
import Vocabulary

/// A stack with names: whose it is, what it does, and its frames.
struct NamedStack {
  let frames: [ProfileBuilder.Frame]
  let kernelNames: [String]
  let userNames: [String]
  /// The operation, read from the outermost marker (`vb_op_search` …) on the stack.
  let operation: String?
  let isTruncated: Bool
  /// The files, without their folders, of frames that are only an offset.
  let unnamed: Set<String>
  /// Whose work it is, by the place of the target; nil when only the thread can tell.
  let target: Int?
  /// The program, where a target runs several.
  let process: String?
  /// The lock that is waited for, by its place in memory.
  let lock: String?
  var userFrames = 0
  var named = 0
  var offsetOnly = 0

  init(_ stack: StackTable.Stack, _ names: RecordedNames) {
    let kernel = stack.kernel.map(names.symbols.kernel)
    let user = stack.user.map(names.symbols.user)
    target = names.target(of: stack.owner)
    process = names.program(of: stack.owner)
    lock = stack.futex == 0 ? nil : names.lock(at: stack.futex)
    unnamed = Set(
      user.filter { $0.quality == .offsetOnly }.compactMap { $0.frame.mapping?.filename })
    kernelNames = kernel.map(Self.name)
    userNames = user.map { Self.name($0.frame) }
    // The outermost marker comes last, walking from the leaf.
    operation = userNames.last { $0.hasPrefix("vb_op_") }.map { String($0.dropFirst(6)) }
    isTruncated = stack.isTruncated
    frames =
      kernel + user.map(\.frame)
      + (isTruncated ? [ProfileBuilder.Frame(named: "[truncated]")] : [])
    userFrames = user.count
    named = user.count { $0.quality == .named }
    offsetOnly = user.count { $0.quality == .offsetOnly }
  }

  /// For what was recorded without a stack.
  init(frame: String) {
    frames = [ProfileBuilder.Frame(named: frame)]
    (kernelNames, userNames, operation, isTruncated) = ([], [], nil, false)
    (target, process, lock, unnamed) = (nil, nil, nil, [])
  }

  /// Without the functions of the scheduler, which every wait ends in.
  var waiting: [ProfileBuilder.Frame] {
    let scheduler = kernelNames.prefix(while: WaitReason.isScheduler).count
    return Array(frames.dropFirst(scheduler))
  }

  /// Where a thread stands that waits for nothing but a core.
  ///
  /// The kernel's own way there says how it was taken off, which nobody asks.
  var withoutCore: [ProfileBuilder.Frame] {
    [ProfileBuilder.Frame(named: "[waiting for a core]")] + frames.dropFirst(kernelNames.count)
  }

  /// Without the functions that wake, below the call that let somebody go.
  var releasing: [ProfileBuilder.Frame] {
    let waking = kernelNames.prefix { WaitReason.isWaker($0) || WaitReason.isScheduler($0) }.count
    return waking > 0 ? Array(frames.dropFirst(waking)) : noted
  }

  /// Without the functions in which a process notes its own wait.
  var noted: [ProfileBuilder.Frame] {
    Array(frames.dropFirst(userNames.prefix(while: Self.isNoting).count))
  }

  /// The function that wanted the lock: the innermost one that is not part of locking.
  var lockCaller: String? {
    let inner = userNames.lastIndex { WaitReason.isLocking($0) }
    return userNames.dropFirst(inner.map { $0 + 1 } ?? 0).first
  }

  var waitReason: WaitReason { WaitReason.of(kernel: kernelNames, user: userNames) }

  /// Whether the thread uses CPU only to wait for a lock.
  var isSpinning: Bool {
    (kernelNames.first ?? userNames.first).map(WaitReason.isSpinning) ?? false
  }

  private static func isNoting(_ name: String) -> Bool {
    name == "vb_walk_frames" || name.hasPrefix("Basics.CapturedStack.")
      || name.hasPrefix("Basics.PendingWait.") || name.hasSuffix("InstrumentedLock.noteReleaser")
      || name.hasSuffix("InstrumentedLock.lockSlowly")
      || name.hasSuffix("InstrumentedLock.unlockSlowly")
  }

  /// The function as the linker knows it, and not what was inlined into it.
  private static func name(_ frame: ProfileBuilder.Frame) -> String {
    frame.lines.last?.function.name ?? ""
  }
}
