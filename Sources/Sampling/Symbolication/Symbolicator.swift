import Pprof

/// Addresses → frames with names, each address looked up once.
final class Symbolicator {
  /// How well a frame is known.
  enum Quality { case named, offsetOnly, unknown }

  struct Named {
    let frame: ProfileBuilder.Frame
    let quality: Quality
  }

  private let space: AddressSpace
  private let demangler = Demangler()
  private let cache: ImageCache
  private var userFrames: [UInt64: Named] = [:]
  private var kernelFrames: [UInt64: ProfileBuilder.Frame] = [:]
  private var mappings: [MappedRegion: Profile.Mapping] = [:]
  private let chosen: ChosenFunctions
  private let perfMap: PerfMap?
  private var names: [String: String] = [:]
  /// Places of a file that are only an offset.
  private var unnamed: [String: Int] = [:]

  init(
    _ space: AddressSpace, _ cache: ImageCache, chosen: ChosenFunctions = ChosenFunctions(),
    perfMap: PerfMap? = nil
  ) {
    self.space = space
    self.cache = cache
    self.chosen = chosen
    self.perfMap = perfMap
  }

  func user(_ address: UInt64) -> Named {
    if let known = userFrames[address] { return known }
    let named = lookUp(address)
    userFrames[address] = named
    return named
  }

  /// The mapping of the file at a path; nil when none of its code is mapped.
  func program(_ path: String) -> Profile.Mapping? {
    space.regions.first { $0.path == path && $0.isExecutable }
      .map { mapping($0, cache.image(path)) }
  }

  func kernel(_ address: UInt64) -> ProfileBuilder.Frame {
    if let known = kernelFrames[address] { return known }
    let mapping = Profile.Mapping(
      start: 0, limit: 0, offset: 0, filename: "[kernel.kallsyms]", buildID: "")
    let name = KernelSymbols.running.name(at: address) ?? "[kernel]"
    let frame = ProfileBuilder.Frame(
      address: address, mapping: mapping,
      lines: [(Profile.Function(name: name, systemName: "k:\(name)"), 0)])
    kernelFrames[address] = frame
    return frame
  }

  /// The files in which places were found without a name so far, those with the most first.
  var unnamedFiles: [UnnamedFile] {
    unnamed.map { path, frames in
      let image = cache.image(path)
      let candidates = image.map {
        DebugFiles.candidates(for: path, buildID: $0.buildID, link: $0.debugLink)
      }
      return UnnamedFile(
        path: path, buildID: image?.buildID ?? "", frames: frames, lookedFor: candidates ?? [])
    }.sorted { ($1.frames, $0.path) < ($0.frames, $1.path) }
  }

  private func lookUp(_ address: UInt64) -> Named {
    let region = space.region(containing: address)
    if let made = madeWhileRunning(address, region) { return made }
    guard let region else {
      return Named(frame: ProfileBuilder.Frame(named: "[unknown]"), quality: .unknown)
    }
    let image = cache.image(region.path)
    let own = image?.address(of: address, in: region)
    let mapping = mapping(region, image)
    if let image, let own {
      let lines = lines(of: address, own, image)
      if !lines.isEmpty {
        let frame = ProfileBuilder.Frame(address: address, mapping: mapping, lines: lines)
        return Named(frame: frame, quality: .named)
      }
    }
    if !region.path.isEmpty { unnamed[region.path, default: 0] += 1 }
    let base = region.path.split(separator: "/").last.map(String.init) ?? "[anonymous]"
    let offset = String((own ?? address &- region.start), radix: 16)
    let name = "\(base)+0x\(offset)"
    return Named(
      frame: ProfileBuilder.Frame(
        address: address, mapping: mapping,
        lines: [(Profile.Function(name: name, systemName: "o:\(name)"), 0)]),
      quality: region.path.isEmpty ? .unknown : .offsetOnly)
  }

  /// Code in no file has a name only where the program tells it.
  private func madeWhileRunning(_ address: UInt64, _ region: MappedRegion?) -> Named? {
    guard region.map({ !$0.path.hasPrefix("/") || $0.path.hasPrefix("/memfd:") }) ?? true,
      let name = perfMap?.name(at: address)
    else { return nil }
    let function = Profile.Function(name: name, systemName: "j:\(name)")
    let mapping = region.map { self.mapping($0, nil) }
    return Named(
      frame: ProfileBuilder.Frame(address: address, mapping: mapping, lines: [(function, 0)]),
      quality: .named)
  }

  /// The functions at an address, the innermost first; empty when it has no name.
  ///
  /// The outermost one is called as the linker calls it, with debug information or without.
  private func lines(
    of address: UInt64, _ own: UInt64, _ image: ElfFile
  ) -> [(function: Profile.Function, line: Int64)] {
    let symbol = name(of: address, own, image)
    var frames = cache.lines(of: image)?.frames(at: own) ?? []
    if frames.isEmpty { frames = [image.goTable?.frame(at: own) ?? SourceLines.Frame()] }
    if let symbol { frames[frames.count - 1].name = symbol }
    return frames.compactMap { frame in
      guard let name = frame.name else { return nil }
      let function = Profile.Function(
        name: demangled(name), systemName: systemName(name), filename: frame.file,
        startLine: frame.startLine)
      return (function, frame.line)
    }
  }

  private func demangled(_ symbol: String) -> String {
    if let known = names[symbol] { return known }
    let name = demangler.name(symbol)
    names[symbol] = name
    return name
  }

  /// By the file's symbols, or as the variant of a function that the loader chose.
  private func name(of address: UInt64, _ own: UInt64, _ image: ElfFile) -> String? {
    // A Go program's own table is whole, and a lone symbol of a stripped one would reach too far.
    if let name = image.goTable?.frame(at: own)?.name { return name }
    if let symbol = image.symbol(at: own) { return symbol.name }
    if chosen.isEmpty { return nil }
    return image.functionStart(of: own).flatMap { chosen.name(at: address &- own &+ $0) }
  }

  /// A plain C name is the same in both places, and pprof must not take it apart again.
  private func systemName(_ symbol: String) -> String {
    demangled(symbol) == symbol ? "c:\(symbol)" : symbol
  }

  private func mapping(_ region: MappedRegion, _ image: ElfFile?) -> Profile.Mapping {
    if let known = mappings[region] { return known }
    let hasLines = image.flatMap(cache.lines) != nil
    let hasGoLines = image?.goTable != nil
    let mapping = Profile.Mapping(
      start: region.start, limit: region.end, offset: region.fileOffset,
      filename: region.path.split(separator: "/").last.map(String.init) ?? "[anonymous]",
      buildID: image?.buildID ?? "", hasFilenames: hasLines || hasGoLines,
      hasLineNumbers: hasLines || hasGoLines,
      hasInlineFrames: hasLines)
    mappings[region] = mapping
    return mapping
  }
}
