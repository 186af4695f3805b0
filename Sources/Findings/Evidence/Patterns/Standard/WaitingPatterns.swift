extension StandardPatterns {
  /// Locks, conditions, sleeps, the scheduler, tasks, and the clock.
  static let waiting = #"""
    # Locks, waiting and scheduling

    [group lockFrame]
    label = lock and unlock frames
      pthread_mutex_* | __pthread_mutex_* | ___pthread_mutex_* | pthread_rwlock_* | __pthread_rwlock_*
      pthread_spin_* | __lll_lock_* | lll_mutex_* | __GI___lll_lock* | *Mutex.withLock*
      *_MutexHandle* | *OSAllocatedUnfairLock* | *NSLock* | *InstrumentedLock.* | sync.(*Mutex).*
      sync.(*RWMutex).* | internal/sync.(*Mutex).* | runtime.lock* | runtime.unlock* | std::mutex::*
      std::shared_mutex::* | os_unfair_lock* | absl::Mutex::* | folly::SharedMutex* | parking_lot::*

    [group locking]
    label = locking
    with = lockFrame
      futex_wait* | futex_wake* | __x64_sys_futex | __arm64_sys_futex | do_futex | runtime.futex
      runtime.futexsleep | runtime.futexwakeup

    [group readLock]
    label = taking a lock for reading
      *RUnlock* | *RLock* | *rUnlockSlow* | pthread_rwlock_rdlock* | __pthread_rwlock_rdlock*
      std::shared_mutex::*_shared* | *withReadLock*

    [group spinning]
    label = spinning
      s_lock | perform_spin_delay | native_queued_spin_lock_slowpath | pthread_spin_lock
      runtime.procyield* | runtime.osyield* | sync.runtime_doSpin | absl::*SpinLock* | *MicroSpinLock*
      base::internal::SpinLock* | tcmalloc::*SpinLock*

    [group queueWait]
    label = waiting on queues and conditions
      pthread_cond_wait* | pthread_cond_timedwait* | pthread_cond_clockwait* | __pthread_cond_wait*
      *InstrumentedCondition.wait* | runtime.selectgo | runtime.chanrecv* | runtime.chansend*
      sync.(*Cond).Wait | sync.(*WaitGroup).Wait | std::condition_variable::*
      *DispatchSemaphore.wait* | sync.runtime_notifyListWait

    [group handingOver]
    label = waiting for a taker
      runtime.chansend*

    [group idleCall]
    label = idle system calls
      epoll_wait | epoll_pwait* | __x64_sys_epoll_*wait* | do_epoll_wait | poll | __poll | ppoll
      select | nanosleep | clock_nanosleep | __x64_sys_nanosleep | __x64_sys_clock_nanosleep
      runtime.epollwait | runtime.netpoll | runtime.usleep* | internal/runtime/syscall.EpollWait

    [group scheduler]
    label = the scheduler
      schedule | __schedule | finish_task_switch* | io_schedule | schedule_timeout | runtime.schedule
      runtime.findRunnable | runtime.findrunnable | runtime.mcall | runtime.park_m | runtime.stealWork
      runtime.runqgrab | runtime.wakep | runtime.startm | runtime.notesleep | runtime.notewakeup
      runtime.goschedImpl | runtime.goready | runtime.gopark | runtime.ready | runtime.resetspinning
      runtime.pidleput* | runtime.checkTimers | runtime.stopm | runtime.mPark | runtime.goready*

    [group concurrency]
    label = the concurrency runtime
    # Not what hosts a job, such as swift_job_run or _dispatch_worker_thread: all that the job does
    # stands on it.
      swift_task_* | swift_continuation_* | swift_actor_* | swift::AsyncTask::*
      _dispatch_queue_* | _dispatch_lane_* | _dispatch_async* | dispatch_async*
      _dispatch_root_queue_poke* | _dispatch_sema4_* | _dispatch_semaphore_*
      dispatch_semaphore_* | _dispatch_sync* | dispatch_sync* | _dispatch_continuation_alloc*

    [group clock]
    label = reading the clock
      clock_gettime | __clock_gettime* | __vdso_clock_gettime | gettimeofday | *ContinuousClock*
      *SuspendingClock* | *MonotonicClock* | time.Now | runtime.nanotime* | runtime.walltime*
      std::chrono::*

    [group sleeping]
    label = sleeping
      nanosleep | clock_nanosleep | usleep | sleep | time.Sleep | runtime.timeSleep
      std::this_thread::sleep_* | *swift_task_sleep* | *Thread.sleep*
    """#
}
