extension StandardPatterns {
  /// RocksDB, Pebble, LevelDB and their like: read path, log, compaction, Raft.
  static let engines = #"""
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
    """#
}
