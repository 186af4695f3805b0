import Foundation
import TestSupport
import Testing

/// Every number of a report can be had again with the command that stands beside it.
///
/// The report is the one of the committed example. For each piece of evidence its command is run as
/// it is printed, and the figures of the sentence are looked up in what it prints.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct RederivationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  // MARK: - The report

  private struct Report: Decodable {
    let findings: [Finding]
    let roles: [Role]
    let gates: [Gate]
    let commands: [Line]
  }

  private struct Finding: Decodable {
    let id: String
    let operation: String?
    let evidence: [Item]
  }

  private struct Role: Decodable {
    let name: String
    let statements: [Statement]
  }

  private struct Statement: Decodable {
    let kind: String
    let operation: String?
    let bullets: [Item]
  }

  private struct Gate: Decodable {
    let id: String
    let source: Source?
  }

  private struct Line: Decodable { let command: String }

  private struct Item: Decodable {
    let statement: [[String: String]]
    let source: Source

    /// The words, and the names among them.
    var text: String { statement.map { $0["name"] ?? $0["text"] ?? "" }.joined() }
    var names: [String] { statement.compactMap { $0["name"] } }
  }

  private struct Source: Decodable {
    let file: String
    let field: String
    let filters: [String]
    let command: String?
    let pprofCommand: String?
  }

  private static func report() throws -> Report {
    let run = try BuiltProgram.run(["report", "--json", "Profiles/example"], in: root.path)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  // MARK: - What a command prints

  /// The table of `vbench top`, in seconds and shares.
  private struct Table {
    var accounted = 0.0
    var total = 0.0
    /// What the two digits of its figures leave open.
    var room = 0.0
    var rows: [(name: String, flat: Double, flatShare: Double, cum: Double, cumShare: Double)] = []

    init(_ text: String) {
      for line in text.split(separator: "\n").map(String.init) {
        let words = line.split(separator: " ").map(String.init)
        if line.hasPrefix("Showing nodes accounting for"), let end = words.last, end == "total" {
          accounted = Self.seconds(words[4].trimmingCharacters(in: [","])) ?? 0
          total = Self.seconds(words[words.count - 2]) ?? 0
          let unit = words[words.count - 2].drop { $0.isNumber || $0 == "." }
          room = 0.005 * (Self.seconds("1" + unit) ?? 0)
        } else if words.count >= 6, let flat = Self.seconds(words[0]),
          let cum = Self.seconds(words[3]), words[1].hasSuffix("%") || words[1] == "0"
        {
          rows.append(
            (
              words[5...].joined(separator: " "), flat, Self.share(words[1]), cum,
              Self.share(words[4])
            ))
        }
      }
    }

    private static func share(_ word: String) -> Double { (Double(word.dropLast()) ?? 0) / 100 }

    static func seconds(_ word: String) -> Double? {
      if word == "0" { return 0 }
      let units: [(String, Double)] = [
        ("mins", 60), ("hrs", 3_600), ("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1),
      ]
      guard let unit = units.first(where: { word.hasSuffix($0.0) }) else { return nil }
      return Double(word.dropLast(unit.0.count)).map { $0 * unit.1 }
    }

    /// The own cost of what the report calls this, closures apart from what they stand in.
    func flat(_ name: String) -> Double? {
      let found = rows.filter { Self.isNamed($0.name, name) }
      return found.isEmpty ? nil : found.reduce(0) { $0 + $1.flat }
    }

    static func isNamed(_ row: String, _ name: String) -> Bool {
      let row = row.replacing(" (inline)", with: "").replacing(" (partial-inline)", with: "")
      guard name.hasSuffix(" (closure)") else { return row == name }
      return row.hasPrefix("closure #") && row.hasSuffix(" in \(name.dropLast(10))")
    }
  }

  /// Runs a printed line in a shell in which `vbench` is the program under test.
  private func output(_ command: String) throws -> String {
    let bin = try TemporaryDirectory("bin")
    let path = try #require(BuiltProgram.path)
    try FileManager.default.createSymbolicLink(
      atPath: bin.file("vbench"), withDestinationPath: path)
    let search = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try #require(
      try Tool.output(
        ["sh", "-c", command], environment: ["PATH": "\(bin.path):\(search)"], in: Self.root.path),
      "fails: \(command)")
  }

  // MARK: - What a sentence says

  /// A figure as the report writes it, with what its digits leave open.
  private struct Figure {
    let value: Double
    let room: Double
    let isShare: Bool
    let behind: String

    func agrees(_ other: Double, within more: Double = 0) -> Bool {
      abs(value - other) <= room * 1.02 + more + 1e-12
    }
  }

  private func figures(_ text: String) -> [Figure] {
    let units: [String: Double] = [
      "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "min": 60, "%": 0.01,
    ]
    return text.matches(of: /(\d+(?:\.(\d+))?) (s|ms|µs|ns|min|%)(?![\w])/).compactMap { match in
      guard let number = Double(match.1), let unit = units[String(match.3)] else { return nil }
      var room = 0.5 * unit
      for _ in 0..<(match.2?.count ?? 0) { room /= 10 }
      let behind = String(text[match.range.upperBound...].prefix(24))
      return Figure(value: number * unit, room: room, isShare: match.3 == "%", behind: behind)
    }
  }

  /// `n = 2,655`.
  private func samples(_ text: String) -> Int? {
    text.firstMatch(of: /n = ([\d,]+)/).flatMap {
      Int($0.1.replacingOccurrences(of: ",", with: ""))
    }
  }

  // MARK: - Tests

  @Test func `every figure of a piece of evidence is in what its command prints`() throws {
    let report = try Self.report()
    let items =
      report.findings.flatMap { finding in finding.evidence.map { (finding.operation, $0) } }
      + report.roles.flatMap { role in
        role.statements.flatMap { statement in statement.bullets.map { (statement.operation, $0) } }
      }
    var derived = 0
    for (operation, item) in items {
      guard let command = item.source.command else { continue }
      derived += try derive(item, operation: operation, table: Table(output(command)), command)
    }
    #expect(derived > 60, "only \(derived) figures were looked up")
  }

  /// Looks up the figures of a sentence; answers how many.
  private func derive(
    _ item: Item, operation: String?, table: Table, _ command: String
  ) throws -> Int {
    let text = item.text
    var checked = 0
    func expect(_ figure: Figure?, _ value: Double, _ what: String, room: Double = 1e-7) {
      guard let figure else { return }
      checked += 1
      // The table has two digits behind the point of its own unit.
      let more = what == "cost" || what == "whole" ? table.room : what == "share" ? 0.0005 : room
      #expect(
        figure.agrees(value, within: more),
        "\(what): \(value) for \(figure.value) in \"\(text)\": \(command)")
    }
    let all = figures(text)
    // Where only the project's frames are shown, the row is what is charged to its function.
    let isFlat = text.contains(" flat") || command.contains("-show=")
    // What says that there is nothing has no figure.
    if !text.contains(where: \.isNumber) { return 0 }
    let part = try part(item, table, isFlat: isFlat, command)
    let times = all.filter {
      !$0.isShare && !$0.behind.hasPrefix(" per ") && !isWhole($0, all, text)
    }
    expect(times.first, part, "cost")
    if let each = all.first(where: { $0.behind.hasPrefix(" per ") }), let operation {
      let count = Double(try count(of: operation))
      expect(each, part / count, "cost of one", room: table.room / count)
    }
    let whole =
      command.contains("-focus=") ? try Table(output(unfocused(command))).total : table.total
    if let share = all.first(where: { $0.isShare && isOfWhole($0, text) }) {
      expect(share, part / whole, "share")
    }
    if let outer = all.first(where: { isWhole($0, all, text) && !text.contains("inside these") }) {
      expect(outer, whole, "whole")
    }
    if let n = samples(text) {
      let counted = try sampleCount(item, command, isFlat: isFlat)
      checked += 1
      #expect(n == counted, "samples: \(counted) for \(n) in \"\(text)\": \(command)")
    }
    if text.hasPrefix("Charged to") || text.hasPrefix("By nature") {
      checked += shares(item, table, command)
    }
    #expect(checked > 0, "no figure of \"\(text)\" could be looked up with \(command)")
    return checked
  }

  /// The whole stands behind `of`: `2.68 s of 10.6 s`.
  private func isWhole(_ figure: Figure, _ all: [Figure], _ text: String) -> Bool {
    guard !figure.isShare,
      let match = text.firstMatch(of: /(?:s|min) of (\d+(?:\.\d+)?) (s|ms|µs|ns|min)/)
    else { return false }
    let units: [String: Double] = ["s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "min": 60]
    return abs(figure.value - (Double(match.1) ?? 0) * (units[String(match.2)] ?? 1)) < 1e-15
  }

  private func isOfWhole(_ figure: Figure, _ text: String) -> Bool {
    figure.behind.hasPrefix(" ±") || figure.behind.hasPrefix(" of the delay")
  }

  private func part(
    _ item: Item, _ table: Table, isFlat: Bool, _ command: String
  ) throws -> Double {
    guard isFlat, let name = item.names.first else { return table.total }
    return try #require(table.flat(name), "\(command) has no row \(name)")
  }

  /// The same command over the samples instead of their cost.
  private func sampleCount(_ item: Item, _ command: String, isFlat: Bool) throws -> Int {
    let counts = command.replacingOccurrences(
      of: "-sample_index=\(item.source.field)", with: "-sample_index=0")
    let text = try output(counts)
    let header = try #require(text.firstMatch(of: /of ([\d]+) total/), "\(counts): \(text)")
    guard isFlat, let name = item.names.first else { return Int(header.1) ?? -1 }
    return text.split(separator: "\n").reduce(0) { sum, line in
      let words = line.split(separator: " ")
      guard words.count >= 6, Table.isNamed(words[5...].joined(separator: " "), name) else {
        return sum
      }
      return sum + (Int(words[0]) ?? 0)
    }
  }

  /// `a 87.0 % and b 13.0 %`: rows of the table, which is charged to whom the sentence names.
  private func shares(_ item: Item, _ table: Table, _ command: String) -> Int {
    var checked = 0
    let shares = figures(item.text).filter(\.isShare)
    if item.names.isEmpty { return sums(shares, table, command) }
    for (name, figure) in zip(item.names, shares) {
      checked += 1
      let share = (table.flat(name) ?? -1) / table.total
      #expect(
        figure.agrees(share, within: 0.0005), "\(name): \(share) for \(figure.value): \(command)")
    }
    return checked
  }

  /// Each share is the sum of some rows, for several classes of wait have one nature.
  private func sums(_ shares: [Figure], _ table: Table, _ command: String) -> Int {
    let parts = table.rows.map(\.flat).filter { $0 > 0 }
    let all = (0..<(1 << min(parts.count, 12))).map { chosen in
      parts.enumerated().reduce(0) { $0 + (chosen >> $1.offset & 1 == 1 ? $1.element : 0) }
        / table.total
    }
    for share in shares {
      #expect(all.contains { share.agrees($0, within: 0.001) }, "\(share.value): \(command)")
    }
    return shares.count
  }

  private func unfocused(_ command: String) -> String {
    command.replacing(#/'-(?:focus|show)=[^']*' |-(?:focus|show)=\S+ /#, with: "")
  }

  private func count(of operation: String) throws -> Int {
    let data = try Data(contentsOf: Self.root.appending(path: "Profiles/example/run.json"))
    let record = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (record?["trials"] as? [[String: Any]] ?? []).reduce(0) { sum, trial in
      sum + ((trial["operations"] as? [String: Int])?[operation] ?? 0)
    }
  }

  @Test func `what comes from run json stands there at the field that is named`() throws {
    let report = try Self.report()
    let sources =
      report.findings.flatMap { $0.evidence.map(\.source) } + report.gates.compactMap(\.source)
    let named = sources.filter { $0.command == nil }
    #expect(named.count > 10)
    for source in named {
      let data = try Data(contentsOf: Self.root.appending(path: "Profiles/example/\(source.file)"))
      let record = try JSONSerialization.jsonObject(with: data)
      #expect(Self.field(source.field, of: record) != nil, "\(source.file) has no \(source.field)")
    }
  }

  /// Follows a dotted path; the names of results have dots of their own.
  private static func field(_ path: String, of value: Any) -> Any? {
    if path.isEmpty { return value }
    if let object = value as? [String: Any] {
      for end in path.indices.filter({ path[$0] == "." }) + [path.endIndex] {
        guard let next = object[String(path[..<end])] else { continue }
        let rest = end == path.endIndex ? "" : String(path[path.index(after: end)...])
        if let found = field(rest, of: next) { return found }
      }
      return nil
    }
    guard let list = value as? [[String: Any]] else { return nil }
    for item in list {
      if let name = item["name"] as? String, path == name || path.hasPrefix(name + ".") {
        let rest = path == name ? "" : String(path.dropFirst(name.count + 1))
        return field(rest, of: item) ?? (rest.isEmpty ? item : item["value"])
      }
    }
    return list.lazy.compactMap { field(path, of: $0) }.first
  }

  @Test func `every command of the report that shows something runs`() throws {
    let report = try Self.report()
    let commands = Set(report.commands.map(\.command)).filter {
      $0.hasPrefix("vbench top") || $0.hasPrefix("vbench peek") || $0.hasPrefix("vbench tree")
    }
    #expect(commands.count >= 6)
    for command in commands.sorted() { #expect(try !output(command).isEmpty, "\(command)") }
  }
}
