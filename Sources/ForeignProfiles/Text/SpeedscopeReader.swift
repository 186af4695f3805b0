import FoundationEssentials
import Pprof
import Vocabulary

/// Reads speedscope's JSON: lists of stacks with weights, and frames that open and close.
enum SpeedscopeReader {
  /// JSON is decoded as a whole, at some twenty times its size.
  private static let sizeLimit = 64 << 20

  static func recognizes(_ head: [UInt8]) -> Bool {
    head.find("speedscope.app/file-format-schema.json", in: head.indices) != nil
      || head.find("\"activeProfileIndex\"", in: head.indices) != nil
  }

  static func read(_ bytes: [UInt8], _ budget: Budget) throws(ForeignError) -> Profile {
    let start = ForeignError.Place.field("the document", offset: 0)
    if bytes.count > sizeLimit {
      throw .beyondLimit(.speedscope, "bytes", start, limit: sizeLimit, flag: nil)
    }
    let file: SpeedscopeFile
    do { file = try JSONDecoder().decode(SpeedscopeFile.self, from: Data(bytes)) } catch {
      throw .malformed(.speedscope, start, reason(error))
    }
    let parts = try chosen(file, start)
    let unit = parts[0].part.unit
    guard parts.allSatisfy({ $0.part.unit == unit }) else {
      throw .unsupported(.speedscope, "with profiles of several units; keep one of them")
    }
    let scale = scale(unit)
    var reader = Reader(
      builder: ProfileBuilder(sampleTypes: [scale.type], periodType: scale.type),
      factor: scale.factor, budget: budget)
    reader.places = file.shared.frames.map { reader.builder.location(of: frame($0)) }
    for (index, part) in parts { try reader.add(part, number: index) }
    return reader.builder.profile
  }

  /// All profiles of the file, which are its threads.
  ///
  /// Ours hold the same samples by several measures, of which one is taken.
  private static func chosen(
    _ file: SpeedscopeFile, _ place: ForeignError.Place
  ) throws(ForeignError) -> [(index: Int, part: SpeedscopeFile.Part)] {
    let parts = file.profiles.enumerated().map { (index: $0.offset, part: $0.element) }
    if parts.isEmpty { throw .malformed(.speedscope, place, "it has no profiles") }
    guard file.exporter == SpeedscopeFile.ourExporter else { return parts }
    let active = file.activeProfileIndex ?? 0
    return [parts.indices.contains(active) ? parts[active] : parts[0]]
  }

  private static func frame(_ frame: SpeedscopeFile.Frame) -> ProfileBuilder.Frame {
    .init(lines: [
      (
        Profile.Function(name: frame.name, filename: frame.file ?? ""),
        Int64(clamping: frame.line ?? 0)
      )
    ])
  }

  private static func scale(_ unit: String) -> (type: Profile.ValueType, factor: Double) {
    switch unit {
    case "bytes": (.init("space", "bytes"), 1)
    case "nanoseconds": (.init("time", "nanoseconds"), 1)
    case "microseconds": (.init("time", "nanoseconds"), 1e3)
    case "milliseconds": (.init("time", "nanoseconds"), 1e6)
    case "seconds": (.init("time", "nanoseconds"), 1e9)
    default: (.init("samples", "count"), 1)
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is not valid JSON" }
    switch error {
    case .keyNotFound(let key, _): return "\(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has another type"
    default: return "it is not valid JSON"
    }
  }

  private struct Reader {
    var builder: ProfileBuilder
    let factor: Double
    var budget: Budget
    var places: [Int32] = []

    mutating func add(_ part: SpeedscopeFile.Part, number: Int) throws(ForeignError) {
      let place = ForeignError.Place.field("profiles.\(number)", offset: 0)
      let labels = part.name.isEmpty ? [] : [Profile.Label(LabelKey.thread, part.name)]
      if let events = part.events { return try add(events, labels, place) }
      guard let samples = part.samples, let weights = part.weights, samples.count == weights.count
      else {
        throw .malformed(.speedscope, place, "it wants as many weights as samples")
      }
      for (stack, weight) in zip(samples, weights) { try add(stack, weight, labels, place) }
    }

    private mutating func add(
      _ stack: [Int32], _ weight: Double, _ labels: [Profile.Label], _ place: ForeignError.Place
    ) throws(ForeignError) {
      try budget.check(depth: stack.count, at: place)
      try budget.addSample(at: place)
      try budget.keep(frames: stack.count, at: place)
      var locations: [Int32] = []
      for frame in stack.reversed() {
        guard frame >= 0, frame < places.count else {
          throw .malformed(.speedscope, place, "there is no frame \(frame)")
        }
        locations.append(places[Int(frame)])
      }
      builder.add(
        locations: locations, values: [Int64(clamped: (weight * factor).rounded())],
        labels: labels)
    }

    /// Between two events the stack that is open then costs the time.
    private mutating func add(
      _ events: [SpeedscopeFile.Event], _ labels: [Profile.Label], _ place: ForeignError.Place
    ) throws(ForeignError) {
      var open: [Int32] = []
      var before: Double?
      for event in events {
        if let before, event.at > before, !open.isEmpty {
          try add(open, event.at - before, labels, place)
        }
        before = event.at
        if event.type == "O" {
          open.append(Int32(clamping: event.frame))
          try budget.check(depth: open.count, at: place)
        } else if open.popLast() != Int32(clamping: event.frame) {
          throw .malformed(.speedscope, place, "frame \(event.frame) closes and is not the last")
        }
      }
    }
  }
}
