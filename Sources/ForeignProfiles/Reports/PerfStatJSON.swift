import FoundationEssentials

/// The lines of `perf stat -j`: each is a document of its own.
///
///     {"counter-value" : "0.63", "unit" : "msec", "event" : "task-clock", "variance" : 4.75,
///      "pcnt-running" : 100.00, "metric-value" : 0.037638, "metric-unit" : "CPUs utilized"}
enum PerfStatJSON {
  static func counter(_ line: Range<Int>, _ bytes: [UInt8]) -> PerfStatReport.Counter? {
    guard line.count <= 10_000, bytes.has("{", at: line), bytes.ends(line, with: "}") else {
      return nil
    }
    // A division by nothing is printed as no JSON has it.
    let text = ["-nan", "nan", "-inf", "inf"].reduce(bytes.text(line)) {
      $0.replacing(": \($1)", with: ": null")
    }
    guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(text.utf8)) else {
      return nil
    }
    return fields.counter
  }

  private struct Fields: Decodable {
    let event: String
    let value: Loose
    let unit: String?
    let variance: Loose?
    let running: Loose?
    let metric: Loose?
    let metricUnit: String?
    let interval: Loose?
    let places: [String?]

    private enum CodingKeys: String, CodingKey {
      case event, unit, variance, interval, core, cpu, die, socket, node, thread
      case value = "counter-value"
      case running = "pcnt-running"
      case metric = "metric-value"
      case metricUnit = "metric-unit"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      event = try fields.decode(String.self, forKey: .event)
      value = try fields.decode(Loose.self, forKey: .value)
      unit = try fields.decodeIfPresent(String.self, forKey: .unit)
      variance = try fields.decodeIfPresent(Loose.self, forKey: .variance)
      running = try fields.decodeIfPresent(Loose.self, forKey: .running)
      metric = try fields.decodeIfPresent(Loose.self, forKey: .metric)
      metricUnit = try fields.decodeIfPresent(String.self, forKey: .metricUnit)
      interval = try fields.decodeIfPresent(Loose.self, forKey: .interval)
      let keys: [CodingKeys] = [.socket, .die, .node, .core, .cpu, .thread]
      places = try keys.map { try fields.decodeIfPresent(Loose.self, forKey: $0)?.text }
    }

    var counter: PerfStatReport.Counter? {
      let state: PerfStatReport.Counter.State? =
        switch value.text {
        case "<not supported>": .notSupported
        case "<not counted>": .notCounted
        default: value.number == nil ? nil : .counted
        }
      guard let state, !event.isEmpty else { return nil }
      var counter = PerfStatReport.Counter(
        event: PerfEvent.plainName(event), state: state,
        value: state == .counted ? value.number : nil, unit: unit ?? "")
      counter.deviationPercent = variance?.number
      counter.runningPercent = running?.number
      if let metricUnit, !metricUnit.isEmpty {
        (counter.metric, counter.metricValue) = (metricUnit, metric?.number)
      }
      counter.seconds = interval?.number
      let place = places.compactMap(\.self).joined(separator: " ")
      counter.place = place.isEmpty ? nil : place
      return counter
    }
  }

  /// A number, or a text that holds one: perf changed its mind between versions.
  private struct Loose: Decodable {
    let text: String
    let number: Double?

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Double.self) {
        (text, self.number) = ("\(number)", number)
      } else {
        text = try value.decode(String.self)
        number = Double(text).flatMap { $0.isFinite ? $0 : nil }
      }
    }
  }
}
