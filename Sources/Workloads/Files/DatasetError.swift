package import Basics

/// What is wrong with a data file, said so that its owner can mend it.
package enum DatasetError: Error, Equatable, CustomStringConvertible {
  case unknownFormat(path: String)
  case empty(path: String)
  case damaged(path: String, offset: Int, reason: String)
  case unsupported(path: String, reason: String)
  case notFinite(path: String, row: Int, component: Int)
  case zeroVector(path: String, row: Int)
  case mismatch(path: String, reason: String)
  case cannotHold(path: String, reason: String)
  case system(SystemError)
  case interrupted

  package var description: String {
    switch self {
    case .unknownFormat(let path):
      "\(path) has no ending that names a format; rename it to .fvecs, .ivecs, .bvecs, .fbin, "
        + ".ibin or .npy."
    case .empty(let path): "\(path) holds no vector; make it again."
    case .damaged(let path, let offset, let reason):
      "\(path) is damaged at byte \(offset): \(reason). Fetch or make it again."
    case .unsupported(let path, let reason): "\(path) cannot be read: \(reason)."
    case .notFinite(let path, let row, let component):
      "Row \(row) of \(path) has a component (number \(component)) that is not a finite number; "
        + "clean the data, or import it with --skip-bad."
    case .zeroVector(let path, let row):
      "Row \(row) of \(path) is the zero vector, which has no direction and so no cosine; choose "
        + "another metric, or import it with --skip-bad."
    case .mismatch(let path, let reason): "\(path) does not belong here: \(reason)."
    case .cannotHold(let path, let reason): "\(path) cannot be written: \(reason)."
    case .system(let error): Self.sentence(error)
    case .interrupted:
      "Interrupted; files that were finished stay, and none is half written. `vbench dataset gt` makes "
        + "a ground truth that is missing."
    }
  }

  private static func sentence(_ error: SystemError) -> String {
    if error.isDiskFull {
      return "The disk is full at \(error.subject); no file was left half written. "
        + "Make room and start again."
    }
    if error.isMissing { return "\(error.subject) is not there." }
    return "The system refused: \(error)."
  }
}
