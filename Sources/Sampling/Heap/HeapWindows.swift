import Basics

/// What a process allocated between each `vbench_heap_begin` and `vbench_heap_end`, one after the
/// other.
///
/// These are counts, not estimates: the library counts every call and every byte asked for,
/// whatever it samples.
package enum HeapWindows {
  /// - Parameters:
  ///   - folder: Where the processes left their recordings.
  ///   - pid: Which of them.
  /// - Returns: The counts of each window that was closed, in order.
  /// - Throws: When the recording is not there or cannot be read.
  package static func counts(in folder: String, pid: Int32) throws(SamplingError) -> [HeapCounts] {
    for path in try HeapRecordingReader.files(in: folder) {
      let bytes: [UInt8]
      do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
        throw .system("The heap recording could not be read: \(error)")
      }
      let log = try HeapLogReader.read(bytes)
      if log.header.pid == pid { return closed(log.windows) }
    }
    throw .system("Process \(pid) left no heap recording in \(folder).")
  }

  static func closed(_ windows: [HeapLog.Window]) -> [HeapCounts] {
    zip(windows, windows.dropFirst()).compactMap { begin, end in
      begin.isBegin && !end.isBegin ? end.counts - begin.counts : nil
    }
  }
}
