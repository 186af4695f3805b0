import Pprof

/// The labels of a node's samples, with what they cost.
struct NodeTags {
  struct Tag {
    let name: String
    let unit: String
    let number: Int64
    var flat: Int64 = 0
    var flatDivisor: Int64 = 0
    var cum: Int64 = 0
    var cumDivisor: Int64 = 0

    var flatValue: Int64 { FrameGraph.Weight.shown(flat, flatDivisor) }
    var cumValue: Int64 { FrameGraph.Weight.shown(cum, cumDivisor) }

    fileprivate mutating func add(_ weight: FrameGraph.Weight, isLeaf: Bool) {
      if isLeaf {
        flat &+= weight.value
        flatDivisor &+= weight.divisor
      } else {
        cum &+= weight.value
        cumDivisor &+= weight.divisor
      }
    }
  }

  /// All texts of a sample together make one tag, known by its name.
  private(set) var texts: [String: Tag] = [:]
  /// Numbers, by the name of the texts that they come with, which may be empty.
  private(set) var numbers: [String: [String: Tag]] = [:]

  /// How many tags would be drawn, by their own cost.
  var count: Int {
    texts.values.count { $0.flat != 0 }
      + numbers.values.reduce(0) { $0 + $1.values.count { $0.flat != 0 } }
  }

  mutating func add(_ labels: SampleLabels.Labels, _ weight: FrameGraph.Weight, isLeaf: Bool) {
    if !labels.text.isEmpty {
      texts[labels.text, default: Tag(name: labels.text, unit: "", number: 0)]
        .add(weight, isLeaf: isLeaf)
    }
    for number in labels.numbers {
      numbers[labels.text, default: [:]][
        number.name, default: Tag(name: number.name, unit: number.unit, number: number.value)
      ].add(weight, isLeaf: isLeaf)
    }
  }

  mutating func dropLight(_ cutoff: UInt64) {
    let isHeavy = { (tag: Tag) in
      tag.flat.magnitude >= cutoff || tag.cum.magnitude >= cutoff
    }
    texts = texts.filter { isHeavy($0.value) }
    numbers = numbers.mapValues { $0.filter { isHeavy($0.value) } }
  }

  /// The costliest first; by their own cost, or by all of it.
  static func sorted(_ tags: some Sequence<Tag>, byFlat: Bool) -> [Tag] {
    tags.sorted { one, other in
      if !byFlat, one.cum.magnitude != other.cum.magnitude {
        return one.cum.magnitude > other.cum.magnitude
      }
      if one.flat.magnitude != other.flat.magnitude {
        return one.flat.magnitude > other.flat.magnitude
      }
      return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
  }
}

/// The labels of every sample as a picture names them: all texts as one, and of the numbers only
/// `bytes`.
struct SampleLabels {
  struct Labels {
    var text = ""
    var numbers: [Number] = []
  }

  struct Number {
    let name: String
    let unit: String
    let value: Int64
  }

  private let labels: [Labels]

  init(_ subject: ViewSubject) {
    let unit = subject.tagUnits["bytes"]
    labels = subject.profile.samples.map { sample in
      if sample.labels.isEmpty { return Labels() }
      let tags = SampleTags(sample)
      let texts = tags.texts.filter { $0.key != "pprof::base" }
        .flatMap { label in label.values.map { "\(label.key):\($0)" } }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let numbers = tags.numbers.first { $0.key == "bytes" }?.values ?? []
      return Labels(
        text: texts.joined(separator: "\\n"),
        numbers: numbers.map { value in
          Number(
            name: UnitScale.text(value, from: unit, to: subject.options.unit), unit: unit,
            value: value)
        })
    }
  }

  subscript(sample: Int) -> Labels { labels[sample] }
}
