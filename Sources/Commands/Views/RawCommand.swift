import Basics
import ProfileViews

/// `vbench raw PROFILE|RUN`: the profile as text.
enum RawCommand {
  static let command = Command(
    "raw", "The profile itself as text, as `go tool pprof -raw` prints it.",
    flags: ViewFlags.common.filter { flag in
      !["mean", "mean-delay", "divide-by", "noinlines", "relative-percentages"].contains(flag.name)
    } + [SharedFlags.output],
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: ["vbench raw worker1_cpu.pprof"]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found = try ProfileSource.combined(invocation)
    let view = try ProfileSource.named(found.name) { try RawView(found.profile, options) }
    try OutputFile.write(view.text { LocalTime.go(UInt64(clamping: $0)) }, invocation)
    return .fine
  }
}
