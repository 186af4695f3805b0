package import Basics

/// What can be wrong with a run directory, or with making one.
package enum RunError: Error, CustomStringConvertible {
  case missing(path: String)
  case notARun(path: String)
  case unreadable(path: String, reason: String)
  case unknownSchema(path: String, found: Int, known: Int)
  case hostileLabel(String)
  case hostileFileName(String)
  case alreadyFinished(path: String)
  case tooManyClashes(path: String)
  case unknownBaseline(name: String, folder: String, known: [String])
  case vanishedBaseline(name: String, path: String)
  case busy(path: String)
  case system(path: String, SystemError)

  package var description: String {
    switch self {
    case .missing(let path):
      "There is nothing at \(path). Name a run directory, or make one with `vbench market`."
    case .notARun(let path):
      "\(path) is no run: it has neither run.json nor a file named <role>_<kind>.pprof. "
        + "Name a folder under Profiles."
    case .unreadable(let path, let reason):
      "\(path) cannot be read as what it should be: \(reason). "
        + "It may have been cut short or edited; repeat the run."
    case .unknownSchema(let path, let found, let known):
      "\(path) has layout version \(found), and this program knows version \(known). "
        + "Use the vbench that wrote it, or repeat the run."
    case .hostileLabel(let label):
      "The label \"\(label)\" cannot be part of a folder's name. "
        + "Use up to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit."
    case .hostileFileName(let name):
      "The file name \"\(name)\" would lie outside of the run directory. Use a plain relative name."
    case .alreadyFinished(let path):
      "The run \(path) is finished and takes no more files."
    case .tooManyClashes(let path):
      "Every name beside \(path) is taken. Remove old runs, or give this one a label."
    case .unknownBaseline(let name, let folder, let known):
      "There is no baseline named \(name) in \(folder). "
        + (known.isEmpty
          ? "Save one with `vbench baseline save \(name) RUN`."
          : "There are: \(known.joined(separator: ", ")).")
    case .vanishedBaseline(let name, let path):
      "The baseline \(name) stands for \(path), which is no longer there. Save another run with "
        + "`vbench baseline save \(name) RUN`, or forget it with `vbench baseline rm \(name)`."
    case .busy(let path):
      "Another process is changing \(path) right now. Try again."
    case .system(let path, let error):
      error.isDiskFull
        ? "The disk is full at \(path). Free some space, or name another folder with --out."
        : "\(path) could not be used (\(error)). Check its permissions, or name another folder."
    }
  }
}
