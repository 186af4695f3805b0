import Pprof

/// What a row of a view stands for.
package enum Granularity: String, Sendable, CaseIterable {
  case functions, filefunctions, files, lines, addresses

  /// The nodes at a location, the innermost inlined function first.
  func keys(
    of location: Profile.Location, in profile: Profile, noInlines: Bool
  ) -> [FrameGraph.Key] {
    let names = KeyMaker(self, noInlines: noInlines, keepsBinaries: false, paths: nil)
    return names.keys(of: location, in: profile)
  }
}

/// Makes the keys of nodes from locations.
struct KeyMaker {
  let granularity: Granularity
  let noInlines: Bool
  /// One function in two binaries makes two nodes.
  let keepsBinaries: Bool
  /// Nil leaves file names as they are, but for being cleaned.
  let paths: SourcePaths?

  init(
    _ granularity: Granularity, noInlines: Bool, keepsBinaries: Bool, paths: SourcePaths?
  ) {
    self.granularity = granularity
    self.noInlines = noInlines
    self.keepsBinaries = keepsBinaries
    self.paths = paths
  }

  /// The nodes at a location, the innermost first; one without a name where no function is known.
  func keys(of location: Profile.Location, in profile: Profile) -> [FrameGraph.Key] {
    let lines = lines(of: location)
    return lines.isEmpty
      ? [key(of: nil, at: location, in: profile)]
      : lines.map { key(of: $0, at: location, in: profile) }
  }

  /// The lines of a location that make nodes.
  func lines(of location: Profile.Location) -> ArraySlice<Profile.Line> {
    noInlines ? location.lines.suffix(1) : location.lines[...]
  }

  func key(
    of line: Profile.Line?, at location: Profile.Location, in profile: Profile
  ) -> FrameGraph.Key {
    let binary = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
    let address = granularity == .addresses ? location.address : 0
    guard let line else { return FrameGraph.Key(address: address, binary: binary) }
    return key(line, profile.functions[Int(line.function)], address: address, binary: binary)
  }

  /// Whether a function has this key wherever it is called.
  func isOfFunctionAlone(_ key: FrameGraph.Key) -> Bool {
    (granularity == .functions || granularity == .filefunctions)
      && !keepsBinaries && !key.name.isEmpty
  }

  private func key(
    _ line: Profile.Line, _ function: Profile.Function, address: UInt64, binary: String
  ) -> FrameGraph.Key {
    var key = FrameGraph.Key(address: address)
    if granularity != .files { key.name = DisplayName.of(function) }
    if granularity != .functions {
      key.file = CleanPath.of(paths?.trimmed(function.filename) ?? function.filename)
    }
    if granularity == .lines || granularity == .addresses { key.line = line.line }
    if keepsBinaries || key.name.isEmpty {
      key.binary = binary
      key.startLine = function.startLine
    }
    return key
  }
}
