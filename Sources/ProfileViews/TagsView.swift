import Pprof

/// What each label of the samples costs, as `go tool pprof -tags` prints it.
package struct TagsView: Sendable {
  package struct Tag: Sendable, Equatable {
    package let name: String
    package let value: Int64
  }

  package struct Key: Sendable, Equatable {
    package let name: String
    package let total: Int64
    /// The costliest first.
    package let tags: [Tag]
  }

  package let keys: [Key]
  package let subject: ViewSubject

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    let subject = try ViewSubject(combined, options)
    var sums: [String: [String: Int64]] = [:]
    for sample in subject.profile.samples where !sample.labels.isEmpty {
      let (value, tags) = (sample.values[subject.index], SampleTags(sample))
      for label in tags.texts {
        for text in label.values { sums[label.key, default: [:]][text, default: 0] &+= value }
      }
      for label in tags.numbers {
        for number in label.values {
          let text = UnitScale.text(
            number, from: subject.tagUnits[label.key], to: options.unit)
          sums[label.key, default: [:]][text, default: 0] &+= value
        }
      }
    }
    keys = sums.map { Key($0.key, $0.value) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.subject = subject
  }

  package var text: String {
    var table = AlignedTable()
    for key in keys {
      table.add("\(key.name):\t Total \(number(key.total))\n")
      for tag in key.tags {
        let share = key.total > 0 ? " (\(UnitScale.percentage(tag.value, of: key.total)))" : ""
        table.add(" \t\(number(tag.value))\(share):\t \(tag.name)\n")
      }
      table.add("\n")
    }
    return table.finished()
  }

  /// With one digit and, unlike elsewhere, never divided.
  private func number(_ value: Int64) -> String {
    let (scaled, unit) = UnitScale.scale(
      value, from: subject.type.unit, to: subject.options.unit)
    return CNumber.fixed(scaled, digits: 1) + unit
  }
}

extension TagsView.Key {
  fileprivate init(_ name: String, _ sums: [String: Int64]) {
    let tags = sums.map { TagsView.Tag(name: $0.key, value: $0.value) }.sorted { one, other in
      if one.value.magnitude != other.value.magnitude {
        return one.value.magnitude > other.value.magnitude
      }
      return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
    self.init(name: name, total: sums.values.reduce(0, &+), tags: tags)
  }
}
