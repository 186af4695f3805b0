import Measurement

/// What `--over` asks for: knobs and the values each takes.
///
/// ```
/// ef=16..512x2        16, 32, 64 … 512: times two each time
/// concurrency=1..8+1  1, 2, 3 … 8: one more each time
/// m=8,16,32           these
/// kernel=portable,avx2
/// ```
struct SweepGrid: Equatable {
  struct Axis: Equatable {
    let knob: String
    let values: [String]
  }

  private(set) var axes: [Axis] = []

  /// More points than anybody waits for.
  static let pointsMax = 10_000

  /// - Parameters:
  ///   - text: As the parser keeps a repeated flag: all of them, joined by commas.
  ///   - command: Whose flags are the knobs; each value is checked as if it had been typed there.
  ///   - knobs: Those that have an effect here.
  /// - Throws: One sentence about the first thing that is wrong.
  init(_ text: String, _ command: Command, knobs: [String]) throws(Failure) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let equals = part.firstIndex(of: "=") else {
        guard let last = axes.popLast(), !part.isEmpty else {
          throw .usage("--over wants KNOB=VALUES; `\(text)` does not begin so.", command)
        }
        axes.append(Axis(knob: last.knob, values: last.values + (try Self.values(part, command))))
        continue
      }
      let knob = String(part[..<equals])
      guard knobs.contains(knob) else {
        throw .usage(
          "A sweep of searches has no knob `\(knob)`; it has \(knobs.joined(separator: ", "))."
            + Nearest.hint(knob, among: knobs), command)
      }
      if axes.contains(where: { $0.knob == knob }) {
        throw .usage("--over names \(knob) twice; put its values behind one `=`.", command)
      }
      axes.append(
        Axis(knob: knob, values: try Self.values(part[part.index(after: equals)...], command)))
    }
    for axis in axes { try Self.check(axis, command) }
    let points = axes.reduce(1.0) { $0 * Double($1.values.count) }
    guard points <= Double(Self.pointsMax) else {
      throw .usage(
        "--over asks for \(points) points; at most \(Self.pointsMax) are swept.", command)
    }
  }

  func values(_ knob: String) -> [String]? { axes.first { $0.knob == knob }?.values }

  /// Every combination of the values of these knobs, as (knob, value) pairs.
  func combinations(of knobs: [String]) -> [[(String, String)]] {
    axes.filter { knobs.contains($0.knob) }.reduce([[]]) { sofar, axis in
      sofar.flatMap { before in axis.values.map { before + [(axis.knob, $0)] } }
    }
  }

  private static func check(_ axis: Axis, _ command: Command) throws(Failure) {
    if Set(axis.values).count != axis.values.count {
      throw .usage("--over \(axis.knob) names a value twice.", command)
    }
    let parser = ArgumentParser(command: command, environment: [:])
    for value in axis.values { _ = try parser.parse(["--\(axis.knob)=\(value)"]) }
  }

  private static func values(
    _ text: Substring, _ command: Command
  ) throws(Failure) -> [String] {
    guard let dots = text.firstRange(of: "..") else { return [String(text)] }
    let rest = text[dots.upperBound...]
    guard let sign = rest.firstIndex(where: { $0 == "x" || $0 == "+" }),
      let low = try? HumanInput.count(String(text[..<dots.lowerBound])),
      let high = try? HumanInput.count(String(rest[..<sign])),
      let step = Double(rest[rest.index(after: sign)...]), step.isFinite, low > 0, high >= low,
      rest[sign] == "x" ? step > 1 : step >= 1
    else {
      throw .usage(
        "A range is written LOW..HIGHxFACTOR or LOW..HIGH+STEP, such as 16..512x2; `\(text)` is "
          + "not.", command)
    }
    var values: [String] = []
    var value = Double(low)
    while value <= Double(high) * (1 + 1e-9), values.count < pointsMax {
      let next = "\(Int(value.rounded()))"
      if values.last != next { values.append(next) }
      value = rest[sign] == "x" ? value * step : value + step
    }
    return values
  }
}
