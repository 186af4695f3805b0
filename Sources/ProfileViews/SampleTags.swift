import Pprof

/// The labels of a sample by key, as pprof keeps them: texts apart from numbers.
struct SampleTags {
  struct Texts {
    let key: String
    var values: [String]
  }

  struct Numbers {
    let key: String
    var values: [Int64]
    /// One for each value, or none where no value has one.
    var units: [String]
  }

  private(set) var texts: [Texts] = []
  private(set) var numbers: [Numbers] = []

  init(_ sample: Profile.Sample) {
    for label in sample.labels {
      switch label.value {
      case .text(let text): add(text, label.key)
      case .number(let number, let unit): add(number, unit, label.key)
      }
    }
    for index in numbers.indices where numbers[index].units.allSatisfy(\.isEmpty) {
      numbers[index].units = []
    }
  }

  private mutating func add(_ text: String, _ key: String) {
    if let index = texts.firstIndex(where: { $0.key == key }) {
      texts[index].values.append(text)
    } else {
      texts.append(Texts(key: key, values: [text]))
    }
  }

  private mutating func add(_ number: Int64, _ unit: String, _ key: String) {
    if let index = numbers.firstIndex(where: { $0.key == key }) {
      numbers[index].values.append(number)
      numbers[index].units.append(unit)
    } else {
      numbers.append(Numbers(key: key, values: [number], units: [unit]))
    }
  }

  /// Whether `ordered` would leave the labels as they are.
  static func areOrdered(_ labels: [Profile.Label]) -> Bool {
    for index in labels.indices {
      if !labels[index].saysSomething { return false }
      if index > 0, !comesBehind(labels[index], labels[index - 1]) { return false }
    }
    return true
  }

  private static func comesBehind(_ label: Profile.Label, _ before: Profile.Label) -> Bool {
    if label.isNumber != before.isNumber { return label.isNumber }
    return label.key == before.key
      ? label.key.utf8.elementsEqual(before.key.utf8)
      : before.key.utf8.lexicographicallyPrecedes(label.key.utf8)
  }

  /// The labels that say something, texts first, each kind by key; those of one key keep their
  /// order.
  static func ordered(_ labels: [Profile.Label]) -> [Profile.Label] {
    let said = labels.filter(\.saysSomething)
    if said.count < 2 { return said }
    return said.enumerated().sorted { one, other in
      let (left, right) = (one.element, other.element)
      if left.isNumber != right.isNumber { return right.isNumber }
      if left.key != right.key { return left.key.utf8.lexicographicallyPrecedes(right.key.utf8) }
      return one.offset < other.offset
    }.map(\.element)
  }
}

extension Profile.Label {
  fileprivate var saysSomething: Bool {
    switch value {
    case .text(let text): !text.isEmpty
    case .number(let number, let unit): number != 0 || !unit.isEmpty
    }
  }

  var isNumber: Bool {
    if case .number = value { return true }
    return false
  }
}
