/// What a function is about, told by its name: the vocabulary in which rules ask their questions.
///
/// This file is the one place where names of functions stand. A pattern is a glob: `*` stands for
/// any text, everything else for itself. It is held against the whole name and against the name
/// without its parameters. Kernel, C, C++, Swift, Go and Rust spellings stand side by side, since
/// one stack may hold all of them.
package enum SymbolGroup: Int, CaseIterable, Sendable {
  case allocation, collection, referenceCounting, exclusivity, generics, copying, zeroing, hashing,
    candidateHeap, sorting, distanceKernel, scalarKernel, graphSearch, foreignCall, locking,
    lockFrame, storageSync, reading, writing, maintenance, memoryKernel, idleCall, scheduler, clock,
    text, logging, concurrency, queueWait, requestHandler, serviceLoop, readPath

  /// How a report calls the group.
  var label: String { definition.label }

  var patterns: [String] { definition.patterns }

  private var definition: (label: String, patterns: [String]) {
    switch self {
    case .allocation:
      (
        "memory allocation",
        [
          "malloc", "calloc", "realloc", "free", "cfree", "posix_memalign", "aligned_alloc",
          "memalign", "_int_malloc", "_int_free*", "_int_realloc", "malloc_consolidate",
          "__libc_*alloc",
          "__libc_free", "__GI___libc_malloc", "__GI___libc_free", "tcache_*", "sysmalloc",
          "unlink_chunk*", "operator new*", "operator delete*", "swift_slowAlloc*",
          "swift_slowDealloc*", "swift_allocObject*", "_swift_allocObject_",
          "swift_initStackObject*",
          "swift_deallocClassInstance*", "swift_deallocObject*", "swift_arrayDestroy",
          "swift_allocBox*", "_swift_release_dealloc*", "runtime.mallocgc*", "runtime.newobject",
          "runtime.makeslice*", "runtime.growslice", "runtime.makemap*", "runtime.(*mcache).*",
          "runtime.(*mcentral).*", "runtime.(*mheap).alloc*", "runtime.nextFreeFast",
          "je_*alloc*", "je_free*", "__rust_alloc*", "__rust_dealloc*", "mi_malloc*", "mi_free*",
        ]
      )
    case .collection:
      (
        "garbage collection",
        [
          "runtime.gcBgMarkWorker*", "runtime.gcDrain*", "runtime.scanobject", "runtime.greyobject",
          "runtime.gcAssistAlloc*", "runtime.bgsweep", "runtime.bgscavenge", "runtime.gcStart",
          "runtime.sweepone", "runtime.scanblock",
        ]
      )
    case .referenceCounting:
      (
        "reference counting",
        [
          "swift_retain*", "swift_release*", "_swift_retain_*", "_swift_release_*",
          "swift_bridgeObjectRetain*", "swift_bridgeObjectRelease*", "swift_unknownObject*",
          "swift_isUniquelyReferenced*", "swift_weak*", "swift_unowned*", "swift_nonatomic_*",
          "*_Sp_counted_base*", "*shared_ptr*_M_release*",
        ]
      )
    case .exclusivity:
      (
        "exclusivity checks",
        ["swift_beginAccess*", "swift_endAccess*", "swift_task_enterThreadLocal*"]
      )
    case .generics:
      (
        "unspecialized generics",
        [
          "swift_getGenericMetadata*", "swift_getWitnessTable*", "swift_getAssociatedTypeWitness*",
          "swift_checkMetadataState*", "swift_conformsToProtocol*", "swift_dynamicCast*",
          "tryCast*",
          "swift_getTypeByMangledName*", "swift_projectBox*", "*boxed_opaque_existential*",
          "swift_getAssociatedConformanceWitness*", "runtime.assertE2I*", "runtime.typeAssert*",
        ]
      )
    case .copying:
      (
        "copying",
        [
          "memmove", "memcpy", "__memmove_*", "__memcpy_*", "__memmove_chk*", "__memcpy_chk*",
          "swift_arrayInitWithCopy*", "swift_arrayAssignWithCopy*", "*consumeAndCreateNew*",
          "*copyToNewBuffer*", "*createNewBuffer*", "runtime.memmove", "runtime.typedslicecopy",
        ]
      )
    case .zeroing:
      (
        "clearing memory",
        [
          "memset", "__memset_*", "bzero", "explicit_bzero", "runtime.memclrNoHeapPointers*",
          "runtime.memclrHasPointers", "*.initialize(repeating:*",
        ]
      )
    case .hashing:
      (
        "hashing",
        [
          "*Hasher.*", "*SipHash*", "*_NativeSet*", "*_NativeDictionary*", "Swift.Set.*",
          "Swift.Dictionary.*", "Swift.__RawSetStorage.*", "Swift.__RawDictionaryStorage.*",
          "std::unordered_*", "std::_Hashtable*", "std::__detail::_*Hash*", "runtime.mapaccess*",
          "runtime.mapassign*", "runtime.mapdelete*", "runtime.mapiter*", "runtime.aeshash*",
          "runtime.memhash*", "internal/runtime/maps.*", "hashbrown::*",
        ]
      )
    case .candidateHeap:
      (
        "candidate heap",
        [
          "container/heap.*", "std::priority_queue*", "std::__push_heap*", "std::__adjust_heap*",
          "std::__pop_heap*", "std::push_heap*", "std::pop_heap*", "*siftDown*", "*siftUp*",
          "*Heap.push*", "*Heap.pop*", "*Heap.insert*", "*Heap.replace*", "*Heap).Push",
          "*Heap).Pop",
          "*Heap).Less", "*Heap).Swap", "*CandidateQueue.*", "*CandidatePool.*", "*PriorityQueue.*",
          "*BinaryHeap*",
        ]
      )
    case .sorting:
      (
        "sorting",
        [
          "*MutableCollection*.sort*", "*.sorted(by:*", "*_stableSortImpl*", "*_insertionSort*",
          "std::sort*", "std::__introsort*", "sort.*", "slices.Sort*", "slices.pdq*", "qsort*",
        ]
      )
    case .distanceKernel:
      (
        "distance kernels",
        [
          "vb_dot*", "vb_l2*", "vb_cosine*", "vb_ip*", "vb_distance*", "*DistanceKernel*",
          "*dotProduct*", "*DotProduct*", "*InnerProduct*", "*euclidean*", "*Euclidean*",
          "*L2Sqr*", "*l2_distance*", "*cosineDistance*", "*CosineDistance*", "*vec_l2*",
        ]
      )
    case .scalarKernel:
      (
        "scalar distance kernels",
        [
          "vb_*_portable*", "vb_*_scalar*", "*dotProductGeneric*",
          "*L2SqrScalar*",
        ]
      )
    case .graphSearch:
      (
        "graph search",
        [
          "*searchLayer*", "*SearchLayer*", "*search_layer*", "*GraphIndex.search*",
          "*hnsw*.*earch*",
          "*HNSW).Search*", "*HNSW).search*", "*GraphSearch*", "*searchBaseLayer*",
        ]
      )
    case .foreignCall:
      (
        "calls into C",
        [
          "runtime.cgocall", "runtime.cgocallback*", "runtime.asmcgocall*", "_cgo_*", "JNI_*",
          "jni_*",
        ]
      )
    case .locking:
      (
        "locking",
        lockNames + [
          "futex_wait*", "futex_wake*", "__x64_sys_futex", "__arm64_sys_futex", "do_futex",
          "runtime.futex", "runtime.futexsleep", "runtime.futexwakeup",
        ]
      )
    case .lockFrame: ("lock and unlock frames", lockNames)
    case .storageSync:
      (
        "syncing to disk",
        [
          "fsync", "fdatasync", "__GI_fsync", "__GI_fdatasync", "msync", "sync_file_range",
          "*_sync_file", "*_sync_file_*", "blkdev_issue_flush", "__x64_sys_fsync",
          "__x64_sys_fdatasync", "__arm64_sys_fsync", "__arm64_sys_fdatasync", "__x64_sys_msync",
          "do_fsync", "vfs_fsync*", "syscall.Fsync", "syscall.Fdatasync", "syscall.fdatasync",
          "golang.org/x/sys/unix.Fdatasync", "os.(*File).Sync", "internal/poll.(*FD).Fsync*",
        ]
      )
    case .reading:
      (
        "reading",
        [
          "read", "pread", "pread64", "preadv*", "__libc_read", "__libc_pread*", "__GI___read",
          "vfs_read", "ksys_read", "__x64_sys_read", "__x64_sys_pread64", "syscall.Read",
          "syscall.read", "syscall.Pread", "internal/poll.(*FD).Read", "internal/poll.(*FD).Pread",
        ]
      )
    case .writing:
      (
        "writing",
        [
          "write", "pwrite", "pwrite64", "writev", "pwritev*", "__libc_write", "__libc_pwrite*",
          "__GI___write", "vfs_write", "ksys_write", "__x64_sys_write", "__x64_sys_pwrite64",
          "__x64_sys_writev", "io_uring_enter", "syscall.Write", "syscall.write", "syscall.Pwrite",
          "internal/poll.(*FD).Write", "internal/poll.(*FD).Writev", "internal/poll.(*FD).Pwrite",
        ]
      )
    case .maintenance:
      (
        "flush and compaction",
        [
          "*flush*", "*Flush*", "*compact*", "*Compact*", "*checkpoint*", "*Checkpoint*",
          "vb_op_flush", "vb_op_compact",
        ]
      )
    case .memoryKernel:
      (
        "page faults and memory mapping",
        [
          "exc_page_fault", "asm_exc_page_fault", "handle_mm_fault", "do_user_addr_fault",
          "do_anonymous_page*", "clear_page*", "clear_huge_page*", "__x64_sys_madvise",
          "__x64_sys_munmap", "__x64_sys_mmap", "__x64_sys_brk", "__x64_sys_mprotect", "zap_*",
          "unmap_*", "madvise", "munmap", "__munmap", "__madvise", "__mmap", "runtime.madvise",
          "runtime.sysUnused*", "runtime.sysUsed*", "runtime.munmap", "runtime.mmap",
        ]
      )
    case .idleCall:
      (
        "idle system calls",
        [
          "epoll_wait", "epoll_pwait*", "__x64_sys_epoll_*wait*", "do_epoll_wait", "poll", "__poll",
          "ppoll", "select", "nanosleep", "clock_nanosleep", "__x64_sys_nanosleep",
          "__x64_sys_clock_nanosleep", "runtime.epollwait", "runtime.netpoll", "runtime.usleep*",
          "internal/runtime/syscall.EpollWait",
        ]
      )
    case .scheduler:
      (
        "the scheduler",
        [
          "schedule", "__schedule", "finish_task_switch*", "io_schedule", "schedule_timeout",
          "runtime.schedule", "runtime.findRunnable", "runtime.findrunnable", "runtime.mcall",
          "runtime.park_m", "runtime.stealWork", "runtime.runqgrab", "runtime.wakep",
          "runtime.startm",
          "runtime.notesleep", "runtime.notewakeup", "runtime.goschedImpl", "runtime.goready",
        ]
      )
    case .clock:
      (
        "reading the clock",
        [
          "clock_gettime", "__clock_gettime*", "__vdso_clock_gettime", "gettimeofday",
          "*ContinuousClock*", "*SuspendingClock*", "*MonotonicClock*", "time.Now",
          "runtime.nanotime*",
          "runtime.walltime*", "std::chrono::*",
        ]
      )
    case .text:
      (
        "text formatting",
        [
          "vsnprintf", "__vfprintf_internal", "__vsnprintf*", "*printf", "*JSONEncoder*",
          "*JSONDecoder*", "*String(format:*", "*.description.getter*", "encoding/json.*", "fmt.*",
          "*protojson*", "strconv.Format*", "*DefaultStringInterpolation*",
          "*StringInterpolation.append*",
        ]
      )
    case .logging:
      (
        "logging",
        [
          "*Logger.*", "*logger.*", "*Logging*", "*logging.*", "log.*", "log/slog.*",
          "Swift.print*",
          "*zap.(*Logger)*", "*zerolog*", "*logrus*", "*spdlog*", "syslog",
        ]
      )
    case .concurrency:
      (
        "the concurrency runtime",
        [
          // Not what hosts a job, such as swift_job_run or _dispatch_worker_thread: all that the job
          // does stands on it.
          "swift_task_*", "swift_continuation_*", "swift_actor_*", "swift::AsyncTask::*",
          "_dispatch_queue_*", "_dispatch_lane_*", "_dispatch_async*", "dispatch_async*",
          "_dispatch_root_queue_poke*", "_dispatch_sema4_*", "_dispatch_semaphore_*",
          "dispatch_semaphore_*", "_dispatch_sync*", "dispatch_sync*",
          "_dispatch_continuation_alloc*",
        ]
      )
    case .queueWait:
      (
        "waiting on queues and conditions",
        [
          "pthread_cond_wait*", "pthread_cond_timedwait*", "pthread_cond_clockwait*",
          "__pthread_cond_wait*", "*InstrumentedCondition.wait*", "runtime.selectgo",
          "runtime.chanrecv*",
          "runtime.chansend*", "sync.(*Cond).Wait", "sync.(*WaitGroup).Wait",
          "std::condition_variable::*", "*DispatchSemaphore.wait*",
        ]
      )
    case .requestHandler:
      (
        "request handlers",
        [
          "*_Handler", "*Interceptor*", "*ServeHTTP*", "*).handleStream*", "*processUnaryRPC*",
          "*HandlerFunc*", "vb_op_search", "vb_op_insert", "vb_op_delete",
        ]
      )
    case .serviceLoop:
      (
        "service loops",
        [
          "*Loop", "*Loop.*", "*loop", "*workerMain*", "*WorkerMain*", "*.Run", "*).run", "*.run()",
          "*reader).*", "*keepalive*", "*controller*", "vb_op_background", "vb_op_flush",
          "vb_op_compact",
        ]
      )
    case .readPath:
      (
        "the read path",
        [
          "*StaleRead*", "*SyncRead*", "*ReadIndex*", "*Lookup*", "*lookup*", "*RUnlock*",
          "*RLock*",
          "vb_op_search",
        ]
      )
    }
  }

  private var lockNames: [String] {
    [
      "pthread_mutex_*", "__pthread_mutex_*", "___pthread_mutex_*", "pthread_rwlock_*",
      "__pthread_rwlock_*", "pthread_spin_*", "__lll_lock_*", "lll_mutex_*", "__GI___lll_lock*",
      "*Mutex.withLock*", "*_MutexHandle*", "*OSAllocatedUnfairLock*", "*NSLock*",
      "*InstrumentedLock.*", "sync.(*Mutex).*", "sync.(*RWMutex).*", "internal/sync.(*Mutex).*",
      "runtime.lock*", "runtime.unlock*", "std::mutex::*", "std::shared_mutex::*",
      "os_unfair_lock*",
    ]
  }
}
