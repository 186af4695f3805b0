import Pprof

/// Every stack with its labels and its cost, as `go tool pprof -traces` prints them.
package struct TracesView: Sendable {
  package struct Frame: Sendable, Equatable {
    package let name: String
    package let isInlined: Bool
  }

  package struct Trace: Sendable, Equatable {
    /// The key and what stands behind it; texts come first.
    package let labels: [Label]
    package let value: Int64
    /// By location, for those are shared between traces.
    fileprivate let places: [[Frame]]

    /// The leaf first.
    package var frames: [Frame] { places.flatMap(\.self) }
  }

  package struct Label: Sendable, Equatable {
    package let key: String
    package let text: String
  }

  package let header: [String]
  package let traces: [Trace]
  package let subject: ViewSubject

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    let subject = try ViewSubject(combined, options)
    header = ViewHeader.profile(subject, unit: options.unit)
    let keys = KeyMaker(
      options.granularity, noInlines: options.noInlines, keepsBinaries: false, paths: nil)
    let frames = subject.profile.locations.map { location in
      let texts = keys.keys(of: location, in: subject.profile).map(\.text)
      return texts.enumerated().map { Frame(name: $1, isInlined: $0 != texts.count - 1) }
    }
    traces = subject.profile.samples.enumerated().map { number, sample in
      let weight = subject.weights[number]
      return Trace(
        labels: Self.labels(sample, subject.tagUnits),
        value: weight.divisor == 0 ? weight.value : weight.value / weight.divisor,
        places: sample.locations.map { frames[Int($0)] })
    }
    self.subject = subject
  }

  private static func labels(_ sample: Profile.Sample, _ units: TagUnits) -> [Label] {
    if sample.labels.isEmpty { return [] }
    let tags = SampleTags(sample)
    let texts = tags.texts.map { Label(key: $0.key, text: $0.values.joined(separator: " ")) }
    let numbers = tags.numbers.map { number in
      let values = number.values.map { UnitScale.text($0, from: units[number.key], to: "auto") }
      return Label(key: number.key, text: values.joined(separator: " "))
    }
    return sorted(texts) + sorted(numbers)
  }

  private static func sorted(_ labels: [Label]) -> [Label] {
    labels.map { (label: $0, line: line($0)) }
      .sorted { $0.line.utf8.lexicographicallyPrecedes($1.line.utf8) }.map(\.label)
  }

  private static func line(_ label: Label) -> String {
    "\(UnitScale.padded(label.key, to: 10)):  \(label.text)"
  }

  package var text: String {
    let separator = String(repeating: "-", count: 11) + "+" + String(repeating: "-", count: 55)
    var text = header.joined(separator: "\n") + "\n"
    for trace in traces {
      text += separator + "\n"
      for label in trace.labels { text += Self.line(label) + "\n" }
      var value = UnitScale.padded(subject.text(trace.value, in: subject.options.unit), to: 10)
      for frame in trace.places.lazy.joined() {
        text += "\(value)   \(frame.name)\(frame.isInlined ? " (inline)" : "")\n"
        value = "          "
      }
    }
    return text + separator + "\n"
  }
}
