import Basics
package import Vocabulary

/// The memory of one process: what was allocated where, and what of it stayed.
package struct HeapRecording: Sendable {
  /// By role, and empty where nothing was sampled.
  package var profiles: [Recording.RecordedProfile]
  package var summary: HeapSummary
}

/// Reads what the preloaded shim left, and names it.
package enum HeapRecordingReader {
  /// Reads the recording of one process, running, ended or killed.
  ///
  /// A file that ends too early gives what it has, and a note in the summary. With a `service` all
  /// of it is that role's; without one markers and names of threads tell, as in a trial of ours.
  ///
  /// - Throws: When the file cannot be read, or does not begin like a recording.
  package static func read(
    file path: String, service: Role? = nil, images: ImageCache = ImageCache()
  ) throws(SamplingError) -> HeapRecording {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
      throw .system("The heap recording could not be read: \(error)")
    }
    return try read(bytes, service.map { .service($0) } ?? .markers, images)
  }

  /// The recordings in a folder, one for each process and each program it was turned into.
  package static func files(in folder: String) throws(SamplingError) -> [String] {
    do throws(SystemError) {
      return try FileSystem.list(folder).filter { $0.hasPrefix("heap.") }.map { "\(folder)/\($0)" }
    } catch { throw .system("The heap recordings could not be listed: \(error)") }
  }

  static func read(
    _ bytes: [UInt8], _ rule: RoleRule, _ images: ImageCache
  ) throws(SamplingError) -> HeapRecording {
    let log = try HeapLogReader.read(bytes)
    let ledger = HeapLedger(log)
    let assembler = HeapAssembler(log, ledger, rule, images)
    return HeapRecording(
      profiles: assembler.profiles(), summary: summary(log, ledger, assembler))
  }

  private static func summary(
    _ log: HeapLog, _ ledger: HeapLedger, _ assembler: HeapAssembler
  ) -> HeapSummary {
    HeapSummary(
      program: log.header.program, pid: log.header.pid, parent: log.header.parent,
      seconds: ledger.seconds(ledger.ended), mean: Int64(clamping: log.header.mean),
      counts: ledger.counts, samples: log.samples.count,
      droppedSamples: Int(clamping: log.header.dropped),
      allocatedObjects: ledger.all.allocatedObjects, allocatedBytes: ledger.all.allocatedBytes,
      liveObjects: ledger.all.liveObjects, liveBytes: ledger.all.liveBytes,
      peakBytes: ledger.peakBytes, peakSeconds: ledger.seconds(ledger.peakTime),
      leakCandidates: ledger.leaks(frames: assembler.names), notes: notes(log, ledger))
  }

  private static func notes(_ log: HeapLog, _ ledger: HeapLedger) -> [String] {
    var notes: [String] = []
    switch log.ending {
    case .whole: break
    case .cut: notes.append("The recording is cut short: what comes after its end is missing.")
    case .damaged(let offset):
      notes.append("The recording is damaged at byte \(offset): what comes after it is missing.")
    }
    if !log.header.hasExited {
      notes.append(
        "The process ended without its exit handlers (killed, _exit, exec) or still runs: live is what"
          + " was live then.")
    }
    if log.header.waitsForWindow, log.windows.isEmpty {
      notes.append("The window was never opened, so nothing was sampled.")
    } else if ledger.counts.bytes < 100_000 {
      notes.append(
        "Only \(ledger.counts.bytes) bytes were seen: the program needs next to nothing, or has an"
          + " allocator of its own that does not call malloc.")
    }
    if log.header.dropped > 0 {
      notes.append("\(log.header.dropped) samples found no room in the file and are missing.")
    }
    if !log.header.hasUnwinder {
      notes.append("Stacks are missing: libgcc_s.so.1 could not be loaded into the process.")
    }
    return notes
  }
}
