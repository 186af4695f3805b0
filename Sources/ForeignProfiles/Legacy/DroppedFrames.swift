/// What pprof hides of a profile from before its own format: the profiler's and the allocator's
/// frames, by names that say nothing about the program.
enum DroppedFrames {
  static let cpu =
    "ProfileData::Add|ProfileData::prof_handler|CpuProfiler::prof_handler"
    + "|__pthread_sighandler|__restore"

  static let heap =
    "(__)?posix_memalign|(tc_|do_|__libc_)?(malloc|calloc|realloc|free|cfree|memalign|valloc|pvalloc)"
    + "|tcmalloc::.*|tc_(new|delete)(array)?(_nothrow)?|operator new(\\[\\])?|prof_.*|je_.*"
    + "|DoSampledAllocation|_M_allocate|__gnu_cxx::new_allocator::allocate|allocate|runtime\\..*|\\[Go runtime\\]"

  /// Go's runtime matters again where a program's own frames lie above it.
  static let keptInHeap = "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*"

  static let contention =
    "(base::)?(RecordLockProfileData|Submit(Mutex|SpinLock)ProfileData).*"
    + "|((base::)?Mutex::)?(AwaitCommon|Unlock|UnlockSlow|ReaderUnlock).*"
    + "|((base::)?MutexLock::)?~MutexLock.*"
    + "|(SpinLock::)?(Unlock|SlowUnlock).*|(SpinLockHolder::)?~SpinLockHolder.*"
}
