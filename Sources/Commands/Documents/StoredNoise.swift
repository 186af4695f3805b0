import Comparison
import RunRecords

/// The noise floor that was stored beside runs, or in them.
enum StoredNoise {
  /// The noise that fits all these runs; with a note when one was looked for in vain.
  static func fitting(_ runs: [RunFolder]) -> (noise: MeasuredNoise?, notes: [String]) {
    var notes: [String] = []
    var entries: [NoiseRecord.Entry] = []
    for folder in Set(runs.map { parent(of: $0.path) }).sorted() {
      do throws(RunError) {
        entries += try NoiseRecord.read(in: folder)?.entries ?? []
      } catch { notes.append("\(error)") }
    }
    // A run that was sent to us brings the noise of its machine along.
    entries += runs.compactMap(\.environment?.noise)
    let found = MeasuredNoise.fitting(runs, in: NoiseRecord(entries: entries))
    return (found.noise, notes + [found.reason].compactMap(\.self))
  }

  static func parent(of path: String) -> String {
    let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return above.isEmpty ? "." : above == [""] ? "/" : above.joined(separator: "/")
  }
}
