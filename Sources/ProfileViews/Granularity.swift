import Pprof

/// What a row of a view stands for.
package enum Granularity: String, Sendable, CaseIterable {
  case functions, filefunctions, files, lines

  func keys(
    of location: Profile.Location, in profile: Profile, noInlines: Bool
  ) -> [FrameGraph.Key] {
    guard !location.lines.isEmpty else {
      let binary = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
      return [FrameGraph.Key(binary: binary)]
    }
    let lines = noInlines ? location.lines.suffix(1) : location.lines[...]
    return lines.map { line in
      let function = profile.functions[Int(line.function)]
      var key = FrameGraph.Key()
      if self != .files { key.name = DisplayName.of(function) }
      if self != .functions { key.file = CleanPath.of(function.filename) }
      if self == .lines { key.line = line.line }
      if key.name.isEmpty {
        key.binary = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
        key.startLine = function.startLine
      }
      return key
    }
  }
}
