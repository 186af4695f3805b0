import Pprof

extension Profile {
  /// The same with the program's own mapping in front, where readers look for its name.
  ///
  /// The program is the file that is no library and holds the roots of most samples.
  func withProgramFirst() -> Profile {
    var weights = [Int](repeating: 0, count: mappings.count)
    for sample in samples {
      for location in sample.locations.suffix(4) {
        if let mapping = locations[Int(location)].mapping { weights[Int(mapping)] += 1 }
      }
    }
    let candidates = mappings.indices.filter { mappings[$0].looksLikeProgram }
    guard let program = candidates.max(by: { (weights[$0], $1) < (weights[$1], $0) }), program != 0
    else { return self }
    var profile = self
    profile.mappings.swapAt(0, program)
    for index in profile.locations.indices {
      switch profile.locations[index].mapping {
      case 0: profile.locations[index].mapping = Int32(program)
      case Int32(program): profile.locations[index].mapping = 0
      default: break
      }
    }
    return profile
  }
}

extension Profile.Mapping {
  /// No library, and nothing of the kernel's.
  var looksLikeProgram: Bool {
    guard let base = filename.split(separator: "/").last, let first = base.first else {
      return false
    }
    return first != "[" && !base.contains(".so") && !filename.hasPrefix("//anon")
      && !base.hasPrefix("anon_inode:") && !filename.hasPrefix("/anon_hugepage")
  }
}
