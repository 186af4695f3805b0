/// The frame patterns that come with vbench: a file to be read, and read by `RulesFile` like a
/// user's.
///
/// It is one raw string and not a resource: a resource bundle would have to lie beside the program
/// wherever it is copied to, and one embedded as an array of bytes takes the compiler 4.7 s
/// instead of 0.1 s. Tests hold that it parses and that it knows every `SymbolGroup`.
enum StandardPatterns {
  static let text = #"""
    # What a function is about, told by its name: the vocabulary in which rules ask their questions.
    #
    # This is the one place where names of functions stand. A section is a group; what stands alone in
    # a line are its patterns, with " | " between them. In a pattern `*` stands for any text, except
    # behind an opening parenthesis, where Go writes its pointers: `sync.(*Mutex).*`. Everything else
    # stands for itself. A pattern is held against the whole name and against the name without its
    # parameters and type arguments. Kernel, C, C++, Swift, Go and Rust spellings stand side by side,
    # since one stack may hold all of them.
    #
    #   label = what a report calls the group
    #   with  = groups whose patterns belong to this one too
    #   only  = own code: the patterns are guesses, and functions of runtimes and libraries don't count
    #
    # `vbench report --rules FILE` reads a file of the same form and adds to these groups.

    # Memory

    [group allocation]
    label = memory allocation
    with = glibcAllocator, jemalloc, mimalloc, tcmalloc, goAllocator, swiftAllocator
      malloc | calloc | realloc | free | cfree | posix_memalign | aligned_alloc | memalign
      operator new* | operator delete* | __rust_alloc* | __rust_dealloc*

    [group glibcAllocator]
    label = the allocator of glibc
      _int_malloc | _int_free* | _int_realloc | malloc_consolidate | __libc_*alloc | __libc_free
      __GI___libc_malloc | __GI___libc_free | tcache_* | sysmalloc | unlink_chunk* | systrim*
      arena_get*

    [group jemalloc]
    label = jemalloc
      je_*

    [group mimalloc]
    label = mimalloc
      mi_* | _mi_*

    [group tcmalloc]
    label = tcmalloc
      tcmalloc::* | tc_malloc* | tc_free* | tc_new* | tc_delete* | tc_calloc* | tc_realloc*

    [group goAllocator]
    label = Go's allocator
      runtime.mallocgc* | runtime.newobject | runtime.makeslice* | runtime.growslice
      runtime.makemap* | runtime.(*mcache).* | runtime.(*mcentral).* | runtime.(*mheap).alloc*
      runtime.nextFreeFast

    [group swiftAllocator]
    label = Swift's allocator
      swift_slowAlloc* | swift_slowDealloc* | swift_allocObject* | _swift_allocObject_
      swift_initStackObject* | swift_deallocClassInstance* | swift_deallocObject* | swift_arrayDestroy
      swift_allocBox* | _swift_release_dealloc*

    [group collection]
    label = garbage collection
      runtime.gcBgMarkWorker* | runtime.gcDrain* | runtime.scanobject | runtime.greyobject
      runtime.gcAssistAlloc* | runtime.bgsweep | runtime.bgscavenge | runtime.gcStart
      runtime.sweepone | runtime.scanblock | runtime.gcMarkDone | runtime.gcMarkTermination
      runtime.markroot* | runtime.gcBgMark* | runtime.gcAssist* | runtime.wbBufFlush* | runtime.sweep*
      runtime.(*sweepLocked).sweep | runtime.(*gcWork).*

    [group referenceCounting]
    label = reference counting
      swift_retain* | swift_release* | _swift_retain_* | _swift_release_* | swift_bridgeObjectRetain*
      swift_bridgeObjectRelease* | swift_unknownObject* | swift_isUniquelyReferenced* | swift_weak*
      swift_unowned* | swift_nonatomic_* | *_Sp_counted_base* | *shared_ptr*_M_release*

    [group exclusivity]
    label = exclusivity checks
      swift_beginAccess* | swift_endAccess* | swift_task_enterThreadLocal*

    [group generics]
    label = unspecialized generics
      swift_getGenericMetadata* | swift_getWitnessTable* | swift_getAssociatedTypeWitness*
      swift_checkMetadataState* | swift_conformsToProtocol* | swift_dynamicCast* | tryCast*
      swift_getTypeByMangledName* | swift_projectBox* | *boxed_opaque_existential*
      swift_getAssociatedConformanceWitness* | runtime.assertE2I* | runtime.typeAssert*

    [group copying]
    label = copying
      memmove | memcpy | __memmove_* | __memcpy_* | __memmove_chk* | __memcpy_chk*
      swift_arrayInitWithCopy* | swift_arrayAssignWithCopy* | *consumeAndCreateNew*
      *copyToNewBuffer* | *createNewBuffer* | runtime.memmove | runtime.typedslicecopy
      runtime.typedmemmove | runtime.bulkBarrierPreWrite

    [group zeroing]
    label = clearing memory
      memset | __memset_* | bzero | explicit_bzero | runtime.memclrNoHeapPointers*
      runtime.memclrHasPointers | *.initialize(repeating:*

    [group memoryKernel]
    label = page faults and memory mapping
      exc_page_fault | asm_exc_page_fault | handle_mm_fault | do_user_addr_fault | do_anonymous_page*
      clear_page* | clear_huge_page* | __x64_sys_madvise | __x64_sys_munmap | __x64_sys_mmap
      __x64_sys_brk | __x64_sys_mprotect | zap_* | unmap_* | madvise | munmap | __munmap | __madvise
      __mmap | runtime.madvise | runtime.sysUnused* | runtime.sysUsed* | runtime.munmap | runtime.mmap

    [group userCopy]
    label = copying between kernel and program
      copy_user_* | _copy_to_iter | _copy_from_iter | _copy_from_user | _copy_to_user | copy_to_user*
      copy_from_user* | rep_movs_alternative | copyin | copyout | raw_copy_* | simple_copy_to_iter
      copy_page_to_iter* | copy_page_from_iter*

    # Data structures and the search

    [group hashing]
    label = hashing
      *Hasher.* | *SipHash* | *_NativeSet* | *_NativeDictionary* | Swift.Set.* | Swift.Dictionary.*
      Swift.__RawSetStorage.* | Swift.__RawDictionaryStorage.* | std::unordered_* | std::_Hashtable*
      std::__detail::_*Hash* | runtime.mapaccess* | runtime.mapassign* | runtime.mapdelete*
      runtime.mapiter* | runtime.aeshash* | runtime.memhash* | internal/runtime/maps.* | hashbrown::*

    [group candidateHeap]
    label = candidate heap
      container/heap.* | std::priority_queue* | std::__push_heap* | std::__adjust_heap*
      std::__pop_heap* | std::push_heap* | std::pop_heap* | *siftDown* | *siftUp* | *Heap.push*
      *Heap.pop* | *Heap.insert* | *Heap.replace* | *Heap).Push | *Heap).Pop | *Heap).Less
      *Heap).Swap | *CandidateQueue.* | *CandidatePool.* | *PriorityQueue.* | *BinaryHeap*

    [group sorting]
    label = sorting
      *MutableCollection*.sort* | *.sorted(by:* | *_stableSortImpl* | *_insertionSort* | std::sort*
      std::__introsort* | sort.* | slices.Sort* | slices.pdq* | qsort*

    [group distanceKernel]
    label = distance kernels
      vb_dot* | vb_l2* | vb_cosine* | vb_ip* | vb_distance* | *DistanceKernel* | *dotProduct*
      *DotProduct* | *InnerProduct* | *euclidean* | *Euclidean* | *L2Sqr* | *l2_distance*
      *cosineDistance* | *CosineDistance* | *vec_l2*

    [group scalarKernel]
    label = scalar distance kernels
      vb_*_portable* | vb_*_scalar* | *dotProductGeneric* | *L2SqrScalar*

    [group graphSearch]
    label = graph search
      *searchLayer* | *SearchLayer* | *search_layer* | *GraphIndex.search* | *hnsw*.*earch*
      *HNSW).Search* | *HNSW).search* | *GraphSearch* | *searchBaseLayer*

    [group normalization]
    label = normalizing vectors
    only = own code
      *normalize* | *Normalize* | *l2Norm* | *L2Norm* | *l2_norm*

    [group neighborAccess]
    label = reading neighbor lists
    only = own code
      *getNeighbors* | *GetNeighbors* | *get_neighbors* | *getConnections* | *GetConnections*
      *getLinks* | *GetLinks*

    [group foreignCall]
    label = calls into C
      runtime.cgocall | runtime.cgocallback* | runtime.asmcgocall* | _cgo_* | JNI_* | jni_*

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

    # Files and the network

    [group storageSync]
    label = syncing to disk
      fsync | fdatasync | __GI_fsync | __GI_fdatasync | msync | sync_file_range | *_sync_file
      *_sync_file_* | blkdev_issue_flush | __x64_sys_fsync | __x64_sys_fdatasync | __arm64_sys_fsync
      __arm64_sys_fdatasync | __x64_sys_msync | do_fsync | vfs_fsync* | syscall.Fsync
      syscall.Fdatasync | syscall.fdatasync | golang.org/x/sys/unix.Fdatasync | os.(*File).Sync
      internal/poll.(*FD).Fsync*

    [group reading]
    label = reading
      read | pread | pread64 | preadv* | __libc_read | __libc_pread* | __GI___read | vfs_read
      ksys_read | __x64_sys_read | __x64_sys_pread64 | syscall.Read | syscall.read | syscall.Pread
      internal/poll.(*FD).Read | internal/poll.(*FD).Pread

    [group writing]
    label = writing
      write | pwrite | pwrite64 | writev | pwritev* | __libc_write | __libc_pwrite* | __GI___write
      vfs_write | ksys_write | __x64_sys_write | __x64_sys_pwrite64 | __x64_sys_writev
      io_uring_enter | syscall.Write | syscall.write | syscall.Pwrite | internal/poll.(*FD).Write
      internal/poll.(*FD).Writev | internal/poll.(*FD).Pwrite

    [group tcp]
    label = the network in the kernel
      tcp_sendmsg* | tcp_recvmsg* | tcp_write_xmit | tcp_ack | tcp_v4_* | tcp_v6_* | tcp_rcv_*
      tcp_data_queue* | tcp_push* | __tcp_* | tcp_clean_rtx_queue* | ip_queue_xmit | __ip_queue_xmit
      ip_local_deliver* | ip_rcv* | ip_output | ip_finish_output* | inet_sendmsg | inet_recvmsg
      inet6_*msg | sock_sendmsg* | sock_recvmsg* | sock_write_iter | sock_read_iter | __sys_sendto
      __sys_recvfrom | ___sys_sendmsg | net_rx_action | __netif_receive_skb* | dev_queue_xmit*
      __dev_queue_xmit | loopback_xmit | process_backlog | skb_copy_datagram* | napi_*
      unix_stream_*msg

    [group transport]
    label = HTTP, gRPC and TLS
      net/http.* | net/http/internal* | golang.org/x/net/http2* | google.golang.org/grpc*
      crypto/tls.* | net/textproto.* | vendor/golang.org/x/net/* | grpc::* | grpc_core::* | SSL_read*
      SSL_write* | NIOHTTP1.* | NIOSSL.*

    [group middleware]
    label = middleware
    only = own code
      *Interceptor* | *iddleware*

    [group requestHandler]
    label = request handlers
      *_Handler | *Interceptor* | *ServeHTTP* | *).handleStream* | *processUnaryRPC* | *HandlerFunc*
      vb_op_search | vb_op_insert | vb_op_delete

    [group downstream]
    label = calls to other services
      net/http.(*Client).Do | net/http.(*Client).do | net/http.(*Client).Post*
      net/http.(*Client).Get | net/http.(*Transport).RoundTrip | net/http.(*persistConn).roundTrip
      *grpc.(*ClientConn).Invoke | *grpc.(*clientStream).RecvMsg | *grpc.(*clientStream).SendMsg
      *redis.(*Client).* | *redis.(*baseClient).* | *redigo*.Do | database/sql.(*DB).* | *pgx*.Query*
      *pgx*.Exec*

    [group clientPool]
    label = clients and their pools
      *redis.(*Client).* | *redis.(*baseClient).* | *redis/*/pool.* | *redis/internal/pool.*
      *redigo*Pool* | database/sql.(*DB).conn* | database/sql.(*DB).putConn* | *pgxpool* | *puddle*
      net/http.(*Transport).* | *grpc.(*ClientConn).* | *memcache.(*Client).*

    [group serviceLoop]
    label = service loops
      *Loop | *Loop.* | *loop | *workerMain* | *WorkerMain* | *.Run | *).run | *.run() | *reader).*
      *keepalive* | *controller* | vb_op_background | vb_op_flush | vb_op_compact

    [group profiler]
    label = the profiler itself
      net/http/pprof.* | runtime/pprof.*

    # Text and other work around a request

    [group text]
    label = text formatting
      vsnprintf | __vfprintf_internal | __vsnprintf* | *printf | *String(format:*
      *.description.getter* | fmt.* | strconv.Format* | *DefaultStringInterpolation*
      *StringInterpolation.append*

    [group serialization]
    label = encoding and decoding
      encoding/json.* | *JSONEncoder* | *JSONDecoder* | *protojson* | encoding/xml.* | encoding/gob.*
      encoding/binary.Write | encoding/binary.Read | *proto.Marshal* | *proto.Unmarshal*
      google.golang.org/protobuf/* | *json-iterator* | *easyjson* | *yaml.* | *msgpack*
      google::protobuf::* | rapidjson::* | nlohmann::* | simdjson::*

    [group logging]
    label = logging
      *Logger.* | *logger.* | *Logging* | *logging.* | log.* | log/slog.* | Swift.print*
      *zap.(*Logger)* | *zerolog* | *logrus* | *spdlog* | syslog | *glog.* | *klog.* | *requestLog*
      *RequestLog* | *accessLog* | *AccessLog* | *auditLog* | *AuditLog*

    [group setup]
    label = setting up what could be kept
      regexp.Compile* | regexp.MustCompile* | regexp/syntax.* | compress/flate.NewWriter*
      compress/flate.(*compressor).init | compress/gzip.NewWriter* | crypto/tls.(*Conn).*andshake*
      crypto/x509.* | text/template.(*Template).Parse | html/template.(*Template).Parse
      time.LoadLocation* | crypto/aes.NewCipher | deflateInit* | inflateInit* | ZSTD_create*
      std::__detail::_Compiler* | std::basic_regex* | std::locale::locale | pcre2_compile*
      SSL_CTX_new | SSL_do_handshake | regcomp | *NSRegularExpression*init*
      *_StringProcessing.Regex*init*

    # Storage engines

    [group readPath]
    label = the read path
    only = own code
      *StaleRead* | *SyncRead* | *ReadIndex* | *Lookup* | *lookup* | vb_op_search | *).Get
      *).Search* | *).search* | *).Find* | *).Scan* | *).Query* | *::Get | *::MultiGet | *::Search*
      *::search* | *::find*

    [group maintenance]
    label = flush and compaction
    only = own code
      *flush* | *Flush* | *compact* | *Compact* | *checkpoint* | *Checkpoint* | vb_op_flush
      vb_op_compact

    [group storageCompaction]
    label = the storage engine's compaction and flush
      rocksdb::CompactionJob::* | rocksdb::FlushJob::* | rocksdb::DBImpl::BackgroundCompaction*
      rocksdb::DBImpl::BackgroundFlush* | rocksdb::DBImpl::BGWork* | rocksdb::BuildTable*
      rocksdb::CompactionIterator::* | *pebble.(*DB).compact* | *pebble.(*DB).runCompaction*
      *pebble.(*DB).flush* | *goleveldb/leveldb.(*DB).*ompaction* | *badger*.(*levelsController).*
      leveldb::DBImpl::*Compact*

    [group blockCache]
    label = blocks and their cache
      rocksdb::BlockBasedTable::* | rocksdb::LRUCacheShard::* | rocksdb::lru_cache::*
      rocksdb::clock_cache::* | rocksdb::ShardedCache* | rocksdb::DataBlockIter::*
      rocksdb::IndexBlockIter::* | rocksdb::BlockFetcher::* | *pebble/internal/cache.*
      *pebble/sstable.* | *goleveldb/leveldb/cache.* | *goleveldb/leveldb/table.* | *ristretto*

    [group memtable]
    label = the memtable
      rocksdb::MemTable::* | rocksdb::MemTableInserter::* | rocksdb::InlineSkipList::*
      rocksdb::(anonymous namespace)::SkipListRep::* | *pebble/internal/arenaskl.*
      *pebble.(*memTable).* | *goleveldb/leveldb/memdb.*

    [group walWrite]
    label = writing the log
      rocksdb::DBImpl::WriteToWAL* | rocksdb::DBImpl::ConcurrentWriteToWAL* | rocksdb::log::Writer::*
      *pebble/record.(*LogWriter).* | *goleveldb/leveldb/journal.* | */wal.(*WAL).* | *raft-wal*
      *raft-boltdb* | *bbolt.(*Tx).Commit | *WriteAheadLog.*

    [group versionLock]
    label = versions and their lock
      rocksdb::InstrumentedMutex* | rocksdb::DBImpl::GetAndRefSuperVersion*
      rocksdb::DBImpl::ReturnAndCleanupSuperVersion* | rocksdb::SuperVersion::*
      rocksdb::ColumnFamilyData::GetThreadLocalSuperVersion* | rocksdb::VersionSet::LogAndApply*
      *pebble.(*readState).* | *pebble.(*versionSet).* | *goleveldb/leveldb.(*session).version*

    [group writeStall]
    label = writes held back
      rocksdb::DBImpl::DelayWrite* | rocksdb::WriteThread::*Await*
      rocksdb::WriteThread::JoinBatchGroup* | rocksdb::WriteController::*
      *pebble.(*DB).makeRoomForWrite* | *pebble.(*commitPipeline).*
      *goleveldb/leveldb.(*DB).writeLocked | *badger*.(*DB).ensureRoomForWrite

    [group raft]
    label = replication by Raft
      *hashicorp/raft.* | *etcd*/raft* | *go.etcd.io/raft/* | *dragonboat* | raft.(*raft).*
      *raftstore*

    # PostgreSQL

    [group pgExecutor]
    label = PostgreSQL's executor
      ExecInterpExpr* | ExecJust* | ExecScan* | ExecSeqScan* | SeqNext | IndexNext | heap_getnext*
      heapgettup* | heapgetpage | ExecHash* | MultiExecHash* | ExecSort* | ExecAgg*
      advance_aggregates* | slot_deform_heap_tuple* | slot_getsomeattrs* | tts_buffer_heap_*
      ExecProject* | ExecQual* | ExecNestLoop* | ExecModifyTable* | ExecProcNode* | ExecLimit*

    [group pgBuffer]
    label = PostgreSQL's buffer manager
      ReadBuffer* | ReleaseAndReadBuffer | BufferAlloc* | PinBuffer* | UnpinBuffer*
      StrategyGetBuffer* | GetVictimBuffer* | BufTable* | LockBuffer* | FlushBuffer*
      MarkBufferDirty*

    [group pgWAL]
    label = PostgreSQL's write-ahead log
      XLogInsert* | XLogFlush* | XLogWrite* | XLogRecordAssemble* | CopyXLogRecordToWAL*
      WALInsertLock* | XLogBackgroundFlush*

    [group pgLock]
    label = PostgreSQL's lightweight locks
      LWLock*
    """#
}
