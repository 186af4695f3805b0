import Measurement
import RunRecords

/// What the disk can do, for people: what was asked, the figure, and what it means.
struct DiskText {
  let entry: DiskRecord.Entry
  let path: String
  /// Nil when it could not be stored.
  let stored: String?

  var text: String {
    let head =
      "The disk behind \(path): \(about); \(entry.rounds) rounds in "
      + "\(NumberText.duration(entry.seconds)), \(entry.measuredAt)."
    return ([head, ""] + entry.figures.map(line) + [""] + remarks + footer)
      .joined(separator: "\n") + "\n"
  }

  private var about: String {
    let cache = entry.writeCache.map { "\($0) cache" }
    return ([entry.device, entry.machine.fileSystem] + [cache].compactMap(\.self))
      .joined(separator: ", ")
  }

  private func line(_ figure: DiskRecord.Figure) -> String {
    let row = DiskTextRow(figure: figure, entry: entry)
    return "\(row.state)  \(row.what): \(row.sentence)"
  }

  private var remarks: [String] { entry.notes + neighbors + flushes + [written] }

  /// A sync that has ended is only seen by who gets a core.
  private var neighbors: [String] {
    guard let used = entry.otherProcessesCPU, used >= Self.neighborsWorthSaying else { return [] }
    return [
      "Other processes used \(NumberText.ratio(used)) of \(entry.machine.cores) cores meanwhile: "
        + "what a finished sync waits for a core is in these figures."
    ]
  }

  private static let neighborsWorthSaying = 0.2

  private var flushes: [String] {
    guard let flushes = entry.flushesPerSync else { return [] }
    let count = "The device completed \(NumberText.ratio(flushes)) flushes for each sync"
    // A device without a volatile cache need not be asked.
    return flushes >= 0.5 || entry.writeCache == "write through"
      ? ["\(count) of one writer."]
      : ["\(count): it was not asked to make bytes safe, so a sync promises less than it should."]
  }

  private var written: String {
    let written = entry.written
    guard let bytes = written.bytesByKernel, let calls = written.callsByKernel else {
      return "The kernel keeps no account of what this process writes, so nothing could be checked."
    }
    if written.agrees {
      return "Written: \(NumberText.bytes(Double(written.bytes))) in "
        + "\(NumberText.count(written.calls)) calls, as the kernel counted them too."
    }
    return "Written: \(NumberText.count(written.bytes)) bytes in "
      + "\(NumberText.count(written.calls)) calls, but the kernel counted "
      + "\(NumberText.count(bytes)) in \(NumberText.count(calls)): do not believe these figures."
  }

  private var footer: [String] {
    stored.map { ["Stored in \($0); reports of runs beside it on this device show it."] } ?? []
  }
}
