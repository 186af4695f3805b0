import ForeignProfiles
import Pprof

/// `vbench convert FILE -o OUT`: any profile that vbench reads, in a form that others read.
enum ConvertCommand {
  static let command = Command(
    "convert", "Turn a profile of another tool into pprof, collapsed stacks or speedscope.",
    details: """
      FILE may be pprof, collapsed stacks, the text of perf script, perf.data, a profile of
      gperftools or jemalloc, Go's text profiles (debug=1), or speedscope JSON, gzipped or not. Its
      content tells which. The ending of the output file chooses the form (.pprof, .pb.gz, .collapsed,
      .folded, .txt, .json) unless --format does; collapsed stacks go to standard output without -o.
      """,
    flags: [
      Flag(
        "format", .choice(["pprof", "collapsed", "speedscope"]), "The form of the output.",
        standard: "by the ending of the output file, else pprof", group: .output),
      Flag(
        "sample-index", .text("TYPE"), "Which values collapsed stacks carry, by name or number.",
        standard: "the profile's own choice", group: .view),
      SharedFlags.output,
    ],
    operands: .exactly(1, "FILE"),
    examples: [
      "vbench convert perf.data -o cpu.pprof", "vbench convert script.txt --format collapsed",
      "vbench convert engine_cpu.pprof -o cpu.speedscope.json",
    ]
  ) { invocation in
    let path = invocation.operands[0]
    let (format, profile) = try ForeignFile.read(path)
    let bytes = try encode(profile, form(invocation), name(of: path), invocation)
    try OutputFile.write(bytes, invocation)
    if !invocation.has("quiet") {
      Terminal.note(
        "\(path) was \(format.words): \(profile.samples.count) different stacks of "
          + profile.sampleTypes.map { "\($0.type)/\($0.unit)" }.joined(separator: ", "))
    }
    return .fine
  }

  enum Form: String { case pprof, collapsed, speedscope }

  private static func form(_ invocation: Invocation) -> Form {
    if let form = invocation.text("format").flatMap(Form.init(rawValue:)) { return form }
    let output = invocation.text("output") ?? "-"
    if output == "-" { return .collapsed }
    if output.hasSuffix(".json") { return .speedscope }
    let isText = [".collapsed", ".folded", ".txt"].contains { output.hasSuffix($0) }
    return isText ? .collapsed : .pprof
  }

  private static func encode(
    _ profile: Profile, _ form: Form, _ name: String, _ invocation: Invocation
  ) throws -> [UInt8] {
    switch form {
    case .pprof: return ProfileWriter.encode(profile)
    case .speedscope: return try SpeedscopeWriter.encode(profile, name: name)
    case .collapsed:
      return CollapsedWriter.encode(
        profile, sampleIndex: try sampleIndex(profile, invocation.text("sample-index")))
    }
  }

  private static func sampleIndex(_ profile: Profile, _ wanted: String?) throws -> Int {
    let names = profile.sampleTypes.map(\.type)
    guard let wanted else {
      return names.firstIndex(of: profile.defaultSampleType) ?? max(0, names.count - 1)
    }
    if let index = names.firstIndex(of: wanted) { return index }
    if let index = Int(wanted), names.indices.contains(index) { return index }
    throw Failure(
      .usage, "There is no sample type \(wanted); there are: \(names.joined(separator: ", ")).")
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
