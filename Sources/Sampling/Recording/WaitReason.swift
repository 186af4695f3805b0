/// What a thread waits for, read from the functions it waits in.
///
/// The raw value is the `class` label in pprof files, a stable interface.
enum WaitReason: String, CaseIterable {
  case lock, condition, semaphore, join, sleep, poll, pipe, network, disk, process
  /// A worker of a pool that has nothing to do.
  case idle
  /// Waits for a core: it has been woken, or has lost its core.
  case runnable, preempted
  /// The kernel keeps it from going on: a lock of the kernel, a page that is being read.
  case kernel
  case unknown

  /// Names from the leaf on: the kernel's functions decide, and for a futex the user's.
  static func of(kernel: [String], user: [String]) -> WaitReason {
    // Down the stack until one says enough: what lies below schedule() is the waiting itself.
    for name in kernel {
      if let known = exact[name] { return known == .lock ? self.user(named: user) : known }
      if let known = prefixes.first(where: { name.hasPrefix($0.0) }) { return known.1 }
    }
    // Kernel names are hidden from an ordinary user; the user's stack is still there.
    return kernel.isEmpty || kernel.allSatisfy({ $0 == "[kernel]" })
      ? self.user(named: user) : .unknown
  }

  /// Functions of the scheduler, which say only that somebody waits.
  static func isScheduler(_ name: String) -> Bool {
    schedulers.contains(name) || name.hasPrefix("__perf_") || name.hasPrefix("perf_")
  }

  /// Functions that only do the waking.
  static func isWaker(_ name: String) -> Bool {
    name.hasPrefix("perf_") || name.hasPrefix("__traceiter") || name.hasPrefix("try_to_wake_up")
      || name.hasPrefix("wake_up") || name.hasPrefix("__wake_up") || name == "default_wake_function"
  }

  /// Functions that are part of taking a lock.
  static func isLocking(_ name: String) -> Bool {
    matches(name, lockNames) || name.hasPrefix("LWLockAcquire") || name == "PGSemaphoreLock"
      || name.hasPrefix("InstrumentedLock.") || name.contains(".withLock")
  }

  /// Functions that do nothing but look whether a lock is free by now.
  static func isSpinning(_ name: String) -> Bool {
    spinning.contains(name) || name.hasSuffix("_spin_on_owner")
  }

  private static let spinning: Set<String> = [
    "pthread_spin_lock", "native_queued_spin_lock_slowpath", "queued_spin_lock_slowpath",
    "osq_lock", "_raw_spin_lock", "__pv_queued_spin_lock_slowpath", "s_lock", "perform_spin_delay",
  ]

  // MARK: - Kernel names

  /// `lock` stands for a futex here: the user's frames tell which kind.
  private static let exact: [String: WaitReason] = [
    "futex_do_wait": .lock, "__futex_wait": .lock, "futex_wait": .lock, "futex_wait_queue": .lock,
    "rt_mutex_schedule": .lock, "rt_mutex_slowlock_block": .lock, "futex_lock_pi": .lock,
    "do_nanosleep": .sleep, "hrtimer_nanosleep": .sleep, "common_nsleep": .sleep,
    "do_epoll_wait": .poll, "do_sys_poll": .poll, "poll_schedule_timeout": .poll,
    "do_select": .poll, "ep_poll": .poll, "do_sigtimedwait": .poll,
    "anon_pipe_read": .pipe, "anon_pipe_write": .pipe, "pipe_read": .pipe, "pipe_write": .pipe,
    "unix_stream_read_generic": .network, "unix_stream_data_wait": .network,
    "sk_wait_data": .network, "inet_csk_accept": .network, "sk_stream_wait_memory": .network,
    "io_schedule": .disk, "submit_bio_wait": .disk, "balance_dirty_pages": .disk,
    "wait_on_page_bit": .disk, "blk_mq_get_tag": .disk, "wb_wait_for_completion": .disk,
    "do_sched_yield": .runnable, "__x64_sys_sched_yield": .runnable,
    "__do_sys_sched_yield": .runnable, "do_wait": .process, "sigsuspend": .process,
    "do_exit": .process, "do_signal_stop": .process,
    "down_read": .kernel, "down_write": .kernel, "mutex_lock": .kernel,
  ]

  private static let prefixes: [(String, WaitReason)] = [
    ("tcp_recvmsg", .network), ("udp_recvmsg", .network), ("folio_wait_bit", .disk),
    ("jbd2_", .disk), ("blk_", .disk), ("ext4_sync", .disk), ("xfs_log", .disk),
    ("btrfs_", .disk), ("rwsem_down", .kernel), ("__mutex_lock", .kernel),
  ]

  private static let schedulers: Set<String> = [
    "schedule", "__schedule", "schedule_timeout", "schedule_preempt_disabled",
    "schedule_hrtimeout_range", "schedule_hrtimeout_range_clock", "__sched_text_start",
    "prepare_task_switch", "preempt_schedule", "preempt_schedule_common",
    "__traceiter_sched_switch",
  ]

  // MARK: - User names

  private static let lockNames = [
    "pthread_mutex_lock", "pthread_mutex_timedlock", "pthread_mutex_clocklock",
    "__pthread_mutex_lock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock",
    "__lll_lock_wait", "__lll_lock_wait_private", "MutexHandle",
  ]

  private static let userNames: [(WaitReason, [String])] = [
    (.lock, lockNames),
    (.condition, ["pthread_cond_", "_dispatch_group_wait", "_dispatch_sync_"]),
    (.semaphore, ["sem_wait", "sem_timedwait", "sem_clockwait", "_dispatch_sema4_"]),
    (.join, ["pthread_join", "pthread_timedjoin", "pthread_clockjoin", "thrd_join"]),
    (.sleep, ["nanosleep", "clock_nanosleep", "usleep", "sleep"]),
    (.poll, ["epoll_wait", "epoll_pwait", "poll", "ppoll", "select", "pselect"]),
    (.disk, ["fsync", "fdatasync", "sync_file_range", "pread64", "pwrite64", "pread", "pwrite"]),
    (.pipe, ["read", "write", "__read", "__write"]),
  ]

  /// How far up the stack the function lies that the user called to wait.
  private static let reach = 8

  /// Functions that decide by themselves, because they know what the thread waits for while what
  /// they call does not; with how far from the leaf they may stand.
  private static let deciding: [(WaitReason, depth: Int, [String])] = [
    (.idle, 10, ["runtime.findRunnable", "runtime.findrunnable", "runtime.sysmon"]),
    (.idle, 10, ["runtime.stopm", "runtime.stoplockedm", "runtime.gcBgMarkWorker"]),
    (.idle, 6, ["_dispatch_worker_thread", "_dispatch_mgr_", "bioProcessBackgroundJobs"]),
    (.idle, 6, ["rocksdb::ThreadPoolImpl::Impl::BGThread"]),
    (.lock, 10, ["runtime.lock2", "LWLockAcquire", "LWLockAcquireOrWait", "ProcSleep"]),
    (.semaphore, 6, ["PGSemaphoreLock"]),
  ]

  private static func user(named names: [String]) -> WaitReason {
    for (reason, depth, known) in deciding
    where names.prefix(depth).contains(where: { matches($0, known) }) { return reason }
    for name in names.prefix(reach) {
      for (waitClass, known) in userNames
      where matches(name, known) { return waitClass }
    }
    return .unknown
  }

  private static func matches(_ name: String, _ known: [String]) -> Bool {
    known.contains { $0 == name || ($0.count > 8 && name.contains($0)) }
  }
}
