package import Basics

/// What can go wrong between a store and its disk.
package enum StorageError: Error, Equatable, CustomStringConvertible {
  case notAStore(path: String)
  case alreadyThere(path: String)
  case locked(path: String, holder: Int32?)
  case formatTooNew(path: String, found: String, supported: String)
  case corruptManifest(path: String, detail: String)
  /// Bytes that were acknowledged as durable cannot be read any more.
  case corruptLog(path: String, offset: Int, lsn: UInt64, durableLSN: UInt64)
  case corruptSnapshot(path: String, detail: String)
  /// An earlier write or sync failed; what the disk holds is unknown until the store is reopened.
  case storePoisoned(SystemError)
  case storeFull(path: String, needed: Int, free: Int)
  case recordTooLarge(bytes: Int, limit: Int)
  case closed
  case system(SystemError)

  package var description: String {
    switch self {
    case .notAStore(let path):
      "\(path) is not a store: it has no FORMAT file. Check the path, or create a store there."
    case .alreadyThere(let path):
      "\(path) is there already. Open it, or choose another place for the new store."
    case .locked(let path, let holder):
      "\(path) is locked by process \(holder.map(String.init) ?? "unknown"). Close it there first."
    case .formatTooNew(let path, let found, let supported):
      "\(path) has format \(found), this program reads \(supported). Use a newer vbench."
    case .corruptManifest(let path, let detail):
      "The manifest \(path) cannot be used: \(detail). Restore the store from a copy."
    case .corruptLog(let path, let offset, let lsn, let durableLSN):
      "The log \(path) is damaged at offset \(offset) (LSN \(lsn)), before LSN \(durableLSN) that "
        + "was acknowledged as durable. Restore the store from a copy; nothing was changed."
    case .corruptSnapshot(let path, let detail):
      "The snapshot \(path) cannot be used: \(detail). Restore the store from a copy."
    case .storePoisoned(let error):
      "An earlier write failed (\(error)), so no more are taken. Reads go on; close and reopen."
    case .storeFull(let path, let needed, let free):
      "No room in \(path): \(needed) bytes needed, \(free) free. Free some space and try again."
    case .recordTooLarge(let bytes, let limit):
      "A batch of \(bytes) bytes is over the limit of \(limit). Write smaller batches."
    case .closed: "The store is closed. Open it again first."
    case .system(let error): "\(error)."
    }
  }
}
