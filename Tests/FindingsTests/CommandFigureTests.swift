import Findings
import Foundation
import Measurement
import Pprof
import ProfileViews
import RunRecords
import Testing

/// Each command of the report on the four services shows the number it stands beside.
///
/// The filters are applied here as the command would apply them, and the figures of the sentence are
/// looked up in what they leave.
@Suite struct CommandFigureTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What a command's table has: its total, and each function's own and whole cost.
  private struct Table {
    var total = 0.0
    var whole = 0.0
    var flat: [String: Double] = [:]
    var cumulative: [String: Double] = [:]

    init(_ profiles: [String: Profile], _ source: EvidenceItem.Source) throws {
      for path in source.file.split(separator: ", ") {
        let profile = try #require(profiles[String(path)])
        let column = try #require(profile.sampleTypes.firstIndex { $0.type == source.field })
        // What the profiler itself did is in no whole.
        let ours = try Self.filter(source.filters.filter { $0.hasPrefix("-ignore=") })
        whole += ours.apply(to: profile).samples.reduce(0) { $0 + Double($1.values[column]) }
        add(try Self.filter(source.filters).apply(to: profile), column)
      }
    }

    private static func filter(_ words: [String]) throws -> ViewFilter {
      var filter = ViewFilter()
      for word in words {
        if word.hasPrefix("-focus=") { filter.focus = try NamePattern(String(word.dropFirst(7))) }
        if word.hasPrefix("-ignore=") { filter.ignore = try NamePattern(String(word.dropFirst(8))) }
        if word.hasPrefix("-show=") { filter.show = try NamePattern(String(word.dropFirst(6))) }
        #expect(!word.hasPrefix("-tagfocus="), "these profiles have no labels")
      }
      return filter
    }

    private mutating func add(_ profile: Profile, _ column: Int) {
      for sample in profile.samples {
        let value = Double(sample.values[column])
        total += value
        let names = sample.locations.flatMap { place in
          profile.locations[Int(place)].lines.map { profile.functions[Int($0.function)].name }
        }
        if let leaf = names.first { flat[leaf, default: 0] += value }
        for name in Set(names) { cumulative[name, default: 0] += value }
      }
    }
  }

  /// What a Go program enters the kernel by.
  private static let entries = [
    "runtime/internal/syscall.Syscall6", "runtime.futex", "runtime.epollwait", "runtime.madvise",
    "runtime.usleep", "runtime.read", "runtime.write1", "syscall.Syscall", "syscall.Syscall6",
    "syscall.RawSyscall", "syscall.RawSyscall6", "runtime.sysMmap", "runtime.sysMunmap",
  ]

  /// The numbers a sentence may have meant, by what it says about itself.
  private func meant(_ item: EvidenceItem, _ table: Table) -> [Double] {
    let text = item.statement.plain
    let names = item.statement.parts.compactMap { part in
      if case .name(let name) = part { name } else { nil }
    }
    if text.contains("nothing but enter the kernel") {
      return [Self.entries.reduce(0) { $0 + (table.flat[$1] ?? 0) }]
    }
    if text.contains("sum of the first column") {
      return [table.flat.reduce(0) { $1.key.hasPrefix("main.") ? $0 : $0 + $1.value }]
    }
    if text.contains("in the first column of") {
      return [names.reduce(0) { $0 + (table.flat[$1] ?? 0) }]
    }
    if text.contains(" flat") || item.source.filters.contains(where: { $0.hasPrefix("-show=") }) {
      return names.compactMap { table.flat[$0] }
    }
    if text.contains("eld across") || text.contains("By who waited") {
      return Array(table.cumulative.values)
    }
    return [table.total]
  }

  @Test func `every command of the services report shows the number beside it`() throws {
    let path = Self.root.appending(path: "Profiles/example-services").path
    let run = try RunReader.open(path)
    let report = try FindingsEngine.report(on: run)
    let profiles = try Dictionary(
      uniqueKeysWithValues: run.profileFiles.map { ($0.relativePath, try run.profile($0)) })
    var tables: [String: Table] = [:]
    var checked = 0
    for finding in report.allFindings {
      var outer: [String: Double] = [:]
      for item in finding.evidence where item.source.command != nil {
        let table = try tables[item.source.command ?? ""] ?? Table(profiles, item.source)
        tables[item.source.command ?? ""] = table
        let text = item.statement.plain
        let bases = [table.whole, table.total, outer[item.source.file] ?? table.total]
        outer[item.source.file] = outer[item.source.file] ?? table.total
        let isBytes = item.source.field == "alloc_space"
        let words = meant(item, table).flatMap { value in
          [isBytes ? NumberText.bytes(value) : Wording.seconds(value / 1e9)]
            + bases.map { Wording.percent($0 > 0 ? value / $0 : 0) }
        }
        checked += 1
        #expect(
          words.contains(where: text.contains),
          "\(finding.rule) \(finding.role): \"\(text)\", \(Set(words).sorted().prefix(6)) by \(item.source.filters)"
        )
      }
    }
    #expect(checked > 60)
  }
}
