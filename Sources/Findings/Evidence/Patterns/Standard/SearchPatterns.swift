extension StandardPatterns {
  /// Containers, vector kernels, the walk over a graph, and calls into C.
  static let search = #"""
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

    [group neighborCopy]
    label = copying them
    only = own code
      *copyLinks* | *copyNeighbors* | *CopyNeighbors* | *copy_links*

    [group foreignCall]
    label = calls into C
      runtime.cgocall | runtime.cgocallback* | runtime.asmcgocall* | _cgo_* | *._Cfunc_*
      JNI_* | jni_*
    """#
}
