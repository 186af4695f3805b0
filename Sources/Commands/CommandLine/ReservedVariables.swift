/// Environment variables with our prefix must mean something: a misspelled one is an error, not a
/// silently ignored wish.
enum ReservedVariables {
  /// Read by the build, the tests and the heap library, not by the program.
  private static let elsewhere: Set<String> = [
    "VBENCH_STRICT", "VBENCH_REFRESH_GOLDEN", "VBENCH_HEAP_DIR", "VBENCH_HEAP_MEAN",
    "VBENCH_HEAP_WAIT", "VBENCH_HEAP_TRACE", "VBENCH_HEAP_SEED",
  ]

  static func check(_ environment: [String: String]) throws(Failure) {
    let known = elsewhere.union(Catalogue.commands.flatMap(\.flags).flatMap(\.variables))
    for name in environment.keys.sorted()
    where name.hasPrefix("VBENCH_") && !known.contains(name) {
      let hint = Nearest.hint(name, among: known.sorted())
      throw .usage("The environment sets \(name), which means nothing to vbench.\(hint)")
    }
  }
}
