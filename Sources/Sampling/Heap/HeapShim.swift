import Basics

/// The library that watches a program's malloc, and how to give it to a program.
package enum HeapShim {
  package static let fileName = "libvbench-heap.so"

  /// Bytes between two samples on average, when nobody wants another number.
  ///
  /// Go and tcmalloc use the same; it costs a few nanoseconds per allocation.
  package static let standardMean = 512 << 10

  /// Where the library lies: beside this program, or where `make install` puts it.
  package static var path: String? {
    guard let program = RealPath.of("/proc/self/exe"), let slash = program.lastIndex(of: "/")
    else { return nil }
    let folder = program[..<slash]
    return ["\(folder)/\(fileName)", "\(folder)/../lib/vbench/\(fileName)"]
      .first(where: FileSystem.exists).flatMap(RealPath.of)
  }

  /// What must be set for a program to be watched, or nil when the library is not there.
  ///
  /// The folder must exist. It gets a file `heap.PID` from every process that the program becomes
  /// or starts. A library that is `preloaded` already stays so, behind ours. With `waitsForWindow`
  /// nothing is sampled before the program calls `vbench_heap_begin`.
  package static func environment(
    folder: String, mean: Int = standardMean, waitsForWindow: Bool = false,
    preloaded: String? = nil
  ) -> [String: String]? {
    guard let path else { return nil }
    let others = preloaded.map { $0.isEmpty ? "" : ":\($0)" } ?? ""
    var variables = [
      "LD_PRELOAD": path + others,
      "VBENCH_HEAP_DIR": RealPath.of(folder) ?? folder,
      "VBENCH_HEAP_MEAN": "\(max(1, mean))",
    ]
    if waitsForWindow { variables["VBENCH_HEAP_WAIT"] = "1" }
    return variables
  }
}
