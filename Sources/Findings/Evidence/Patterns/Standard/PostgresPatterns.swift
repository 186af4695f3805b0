extension StandardPatterns {
  /// PostgreSQL: executor, buffers, log and locks.
  static let postgres = #"""
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
