import Basics
import Measurement
import Vocabulary
import Workloads

/// What every part of `vbench dataset` needs: the words typed, the progress line, and Ctrl-C.
struct DatasetWork {
  let invocation: Invocation
  let progress: Progress

  init(_ invocation: Invocation) {
    self.invocation = invocation
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    Interrupts.startCounting()
  }

  func checkInterrupt() throws {
    if Interrupts.count > 0 { throw DatasetError.interrupted }
  }

  /// Before hours of work: what will be written must fit.
  func checkRoom(for bytes: Int, at path: String) throws {
    var folder = path
    while !folder.isEmpty, !FileSystem.isDirectory(folder) {
      folder =
        folder.contains("/")
        ? folder.split(separator: "/", omittingEmptySubsequences: false).dropLast()
          .joined(separator: "/") : ""
    }
    let place = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    guard let free = try? FileSystem.freeBytes(at: place), free < bytes else { return }
    throw Failure(
      .failed,
      "\(place) has \(NumberText.bytes(Double(free))) free and \(NumberText.bytes(Double(bytes))) "
        + "would be written; name another place.")
  }

  /// Bad data ends with 6, what the machine refuses with 1.
  static func failure(_ error: DatasetError) -> Failure {
    switch error {
    case .interrupted: Failure(.interrupted, "\(error)")
    case .cannotHold: Failure(.failed, "\(error)")
    case .system(let system) where !system.isMissing: Failure(.failed, "\(error)")
    default: Failure(.badInput, "\(error)")
    }
  }

  /// The metric of a folder, unless another is asked for.
  func metric(of folder: DatasetFolder) throws -> Metric {
    if let typed = invocation.text("metric").flatMap(Metric.init(rawValue:)) { return typed }
    if let known = folder.metric { return known }
    if let strange = folder.meta?.metric {
      throw Failure(
        .badInput, "\(folder.path)/meta.json names the metric `\(strange)`; give --metric instead.")
    }
    return .cosine
  }
}
