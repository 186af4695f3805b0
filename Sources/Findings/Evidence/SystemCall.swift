/// Names the system call a stack was in, from its kernel frames or from what called the kernel.
enum SystemCall {
  /// Nil when the leaf is not in the kernel.
  static func name(of sample: StackSample, table: SymbolTable) -> String? {
    guard let leaf = sample.symbols.first else { return nil }
    if table[leaf].layer == .kernel { return kernelName(sample, table) }
    if let name = libraryEntry[table[leaf].short] { return name }
    guard goEntries.contains(table[leaf].short) else { return nil }
    return sample.symbols.dropFirst().lazy.compactMap { goName(table[$0].short) }.first
      ?? "system call (not named)"
  }

  private static func kernelName(_ sample: StackSample, _ table: SymbolTable) -> String {
    let kernel = sample.symbols.prefix { table[$0].layer == .kernel }
    for symbol in kernel.reversed() {
      if let call = call(fromKernel: table[symbol].short) { return call }
    }
    for symbol in kernel.reversed() {
      let name = table[symbol].short
      if name.contains("page_fault") { return "page fault" }
      if name.contains("sysvec") || name.contains("irq") { return "interrupt" }
    }
    let caller = sample.symbols.dropFirst(kernel.count).first.map { table[$0].short }
    return caller.flatMap { libraryEntry[$0] } ?? "kernel (call not named)"
  }

  private static func call(fromKernel name: String) -> String? {
    let prefixes = [
      "__x64_sys_", "__arm64_sys_", "__ia32_sys_", "__se_sys_", "__do_sys_", "ksys_",
    ]
    return prefixes.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) }
  }

  private static let goEntries: Set<String> = [
    "internal/runtime/syscall.Syscall6", "runtime/internal/syscall.Syscall6", "syscall.Syscall",
    "syscall.Syscall6", "syscall.RawSyscall", "syscall.RawSyscall6", "syscall.rawVforkSyscall",
  ]

  /// The functions of a Go program, or of the C library, that are nothing but a system call.
  private static let libraryEntry: [String: String] = [
    "runtime.futex": "futex", "runtime.epollwait": "epoll_wait", "runtime.madvise": "madvise",
    "runtime.usleep": "nanosleep", "runtime.read": "read", "runtime.write1": "write",
    "runtime.sysMmap": "mmap", "runtime.sysMunmap": "munmap",
    "fsync": "fsync", "fdatasync": "fdatasync", "__GI_fdatasync": "fdatasync", "write": "write",
    "__write": "write", "__GI___write": "write", "__libc_write": "write", "pwrite64": "pwrite64",
    "__libc_pwrite64": "pwrite64", "read": "read", "__read": "read", "__libc_read": "read",
    "pread64": "pread64", "madvise": "madvise", "__munmap": "munmap", "epoll_wait": "epoll_wait",
    "__lll_lock_wait": "futex", "__lll_lock_wait_private": "futex", "__lll_lock_wake": "futex",
  ]

  private static func goName(_ name: String) -> String? {
    if let call = libraryEntry[name] ?? goWrappers[name] { return call }
    for prefix in ["syscall.", "golang.org/x/sys/unix.", "internal/runtime/syscall."]
    where name.hasPrefix(prefix) {
      let call = name.dropFirst(prefix.count)
      if goEntries.contains(name) || call.hasPrefix("RawSyscall") || call.hasPrefix("Syscall") {
        return nil
      }
      return call == "EpollWait" ? "epoll_wait" : call.lowercased()
    }
    return nil
  }

  private static let goWrappers: [String: String] = [
    "internal/poll.(*FD).Write": "write", "internal/poll.(*FD).Read": "read",
    "internal/poll.(*FD).Fsync": "fsync", "internal/poll.(*FD).Writev": "writev",
    "runtime.netpoll": "epoll_wait",
  ]
}

extension ProfileSlice {
  func isInKernel(_ sample: StackSample) -> Bool {
    SystemCall.name(of: sample, table: table) != nil
  }

  var systemCalls: [CostRow] {
    rows { sample in SystemCall.name(of: sample, table: table).map { [$0] } ?? [] }
  }
}
