import Measurement
import RunRecords

/// What the disk can do, for people: what was asked, the figure, and what it means.
struct DiskText {
  let entry: DiskRecord.Entry
  let path: String
  let stored: String

  var text: String {
    let head =
      "The disk behind \(path): \(about); \(entry.rounds) rounds in "
      + "\(NumberText.duration(entry.seconds)), \(entry.measuredAt)."
    return ([head, ""] + entry.figures.map(line) + [""] + remarks + [footer])
      .joined(separator: "\n") + "\n"
  }

  private var about: String {
    let kind = entry.isRotational.map { $0 ? "rotating" : "not rotating" }
    let cache = entry.writeCache.map { "\($0) cache" }
    return ([entry.device, entry.machine.fileSystem] + [cache, kind].compactMap(\.self))
      .joined(separator: ", ")
  }

  private func line(_ figure: DiskRecord.Figure) -> String {
    let row = DiskTextRow(figure: figure, entry: entry)
    return "\(row.state)  \(row.what): \(row.sentence)"
  }

  private var remarks: [String] {
    var remarks = entry.notes
    if let flushes = entry.flushesPerSync {
      remarks.append(
        flushes < 0.5
          ? "The device completed \(NumberText.ratio(flushes)) flushes for each sync: it was not "
            + "asked to make bytes safe, so a sync here may promise less than it should."
          : "The device completed \(NumberText.ratio(flushes)) flushes for each sync of one writer."
      )
    }
    let written = entry.written
    remarks.append(
      written.bytesByKernel == nil
        ? "The kernel keeps no account of what this process writes, so nothing could be checked."
        : written.agrees
          ? "Written: \(NumberText.bytes(Double(written.bytes))) in "
            + "\(NumberText.count(written.calls)) calls, as the kernel counted them too."
          : "Written: \(NumberText.count(written.bytes)) bytes in \(NumberText.count(written.calls)) "
            + "calls, but the kernel counted \(NumberText.count(written.bytesByKernel ?? 0)) in "
            + "\(NumberText.count(written.callsByKernel ?? 0)): do not believe these figures.")
    return remarks
  }

  private var footer: String {
    "Stored in \(stored); reports of runs beside it on this device show it."
  }
}
