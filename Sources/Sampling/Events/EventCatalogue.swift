import Basics

/// The events that this machine describes itself: its devices in /sys, and its tracepoints.
///
/// A device has a number (`type`), says in `format` which bits a term stands for, and names some
/// of its events in `events`:
///
///     cpu/type            4
///     cpu/format/umask    config:8-15
///     cpu/events/slots    event=0x00,umask=0x4
struct EventCatalogue {
  var devices = "/sys/bus/event_source/devices"
  var tracepointNumber: @Sendable (String) -> UInt64? = { Tracepoint($0)?.number }

  /// The number of `group:name`.
  func tracepoint(_ spelling: String) throws(EventNameError) -> UInt64 {
    let parts = spelling.split(separator: ":", omittingEmptySubsequences: false)
    let isName = { (part: Substring) in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
    guard parts.count == 2, parts.allSatisfy(isName),
      let number = tracepointNumber("\(parts[0])/\(parts[1])")
    else { throw .noTracepoint(spelling) }
    return number
  }

  /// The event in `device/term,term=value/`; nil when the spelling has another form.
  func deviceEvent(_ spelling: String) throws(EventNameError) -> EventName? {
    let parts = spelling.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty else { return nil }
    let device = String(parts[0])
    guard !device.contains("."), let type = number(at: "\(device)/type") else {
      throw .noDevice(device, known: names(in: ""))
    }
    var configs: [UInt64] = [0, 0, 0]
    for term in parts[1].split(separator: ",") {
      try add(term, of: device, to: &configs, mayBeEvent: true)
    }
    return try EventName(
      spelling, type: UInt32(truncatingIfNeeded: type), configs: configs,
      modifier: parts[2].hasPrefix(":") ? parts[2].dropFirst() : parts[2])
  }

  // MARK: - Terms

  private func add(
    _ term: Substring, of device: String, to configs: inout [UInt64], mayBeEvent: Bool
  ) throws(EventNameError) {
    let sides = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(sides[0])
    // A name without a value may be one of the device's own events, which stands for more terms.
    if sides.count == 1, mayBeEvent, let event = line("\(device)/events/\(name)") {
      for part in event.split(separator: ",") {
        try add(part, of: device, to: &configs, mayBeEvent: false)
      }
      return
    }
    guard let value = sides.count == 1 ? 1 : Self.number(sides[1]) else {
      throw .badTerm(String(term), device: device)
    }
    if let whole = Self.wholes.firstIndex(of: name) {
      configs[whole] |= value
      return
    }
    guard !name.contains("/"), let bits = line("\(device)/format/\(name)") else {
      throw .noTerm(
        name, device: device,
        known: Array(Set(names(in: "\(device)/format") + names(in: "\(device)/events"))).sorted())
    }
    guard Self.place(value, in: bits, &configs) else {
      throw .badTerm(String(term), device: device)
    }
  }

  private static let wholes = ["config", "config1", "config2"]

  /// Puts a value into bits such as `config:0-7,32-35`; false when it does not fit.
  private static func place(_ value: UInt64, in bits: String, _ configs: inout [UInt64]) -> Bool {
    let sides = bits.split(separator: ":")
    guard sides.count == 2, let whole = wholes.firstIndex(of: String(sides[0])) else {
      return false
    }
    var rest = value
    for range in sides[1].split(separator: ",") {
      let ends = range.split(separator: "-").compactMap { UInt64($0) }
      guard let low = ends.first, let high = ends.last, low <= high, high < 64 else { return false }
      let width = high - low + 1
      let mask = width == 64 ? UInt64.max : (1 << width) - 1
      configs[whole] |= (rest & mask) << low
      rest = width == 64 ? 0 : rest >> width
    }
    return rest == 0
  }

  private static func number(_ text: Substring) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  // MARK: - Reading

  private func number(at path: String) -> UInt64? { line(path).flatMap { UInt64($0) } }

  private func line(_ path: String) -> String? {
    guard let text = try? FileSystem.text(of: "\(devices)/\(path)") else { return nil }
    return text.split(separator: "\n").first.map(String.init)
  }

  private func names(in folder: String) -> [String] {
    (try? FileSystem.list("\(devices)/\(folder)"))?.filter { !$0.contains(".") } ?? []
  }
}
