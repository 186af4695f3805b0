extension StandardPatterns {
  /// Allocators, collectors and reference counts, copies and pages.
  static let memory = #"""
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
      runtime.(*sweepLocked).sweep | runtime.(*gcWork).* | runtime.gcWriteBarrier*

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
    """#
}
