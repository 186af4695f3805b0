package import StorageEngine
package import VectorIndex

/// What can go wrong in a store, with the facts behind it.
package enum StoreError: Error, CustomStringConvertible {
  case storage(StorageError)
  case index(IndexError)
  case wrongDimensions(expected: Int, found: Int)
  case notANumber(position: Int)
  case emptyBatch
  case duplicateID(UInt64)
  case reservedID
  case badOptions(path: String, detail: String)
  case optionsDiffer(String)
  case closed

  package var description: String {
    switch self {
    case .storage(let error): error.description
    case .index(let error): error.description
    case .wrongDimensions(let expected, let found):
      "The store holds vectors of \(expected) numbers and was given \(found)."
    case .notANumber(let position):
      "Number \(position) of the batch is not finite; nothing of the batch was stored."
    case .emptyBatch: "A batch without ids changes nothing; it was refused."
    case .duplicateID(let id): "Id \(id) stands twice in one batch; nothing of it was stored."
    case .reservedID: "Id \(UInt64.max) is reserved; nothing of the batch was stored."
    case .badOptions(let path, let detail):
      "The manifest of \(path) does not describe a vector store: \(detail)."
    case .optionsDiffer(let what):
      "The \(what) of a store is fixed when it is made and cannot be overridden."
    case .closed: "The store is closed. Open it again first."
    }
  }
}
