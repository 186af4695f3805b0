import Comparison
import FoundationEssentials
import Measurement
import Pprof
import ProfileViews
import Reporting
import RunRecords
import Testing
import Vocabulary

/// Comparisons with names that want to be markup, links or terminal commands.
struct ComparisonFormatTests {
  private static let hostile =
    "</script><img src=x onerror=alert(1)>\u{1B}[31m|`\"'{{data}}\u{202E}@you"

  private func folder(_ name: String, _ samples: Int64) -> RunFolder {
    var builder = ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("samples", "count"), Profile.ValueType("cpu", "nanoseconds"),
      ], defaultSampleType: "cpu")
    for (stack, count) in [
      ([Self.hostile, "main"], samples), (["steady", "main"], 2_000),
      ([samples > 1_000 ? "arrived" : "vanished", "main"], 1_000),
    ] {
      builder.add(
        stack: stack.map { ProfileBuilder.Frame(named: $0) },
        values: [count, count * 1_000_000],
        labels: [Profile.Label(LabelKey.operation, Self.hostile)])
    }
    builder.setTime(startNanoseconds: 0, durationNanoseconds: 10_000_000_000)
    let profile = builder.profile
    return RunFolder(
      path: "Profiles/\(name)", record: nil, environment: nil,
      profileFiles: [
        RunFolder.ProfileFile(
          role: .engine, kind: .cpu, trial: nil, relativePath: "engine_cpu.pprof")
      ]
    ) { _ in profile }
  }

  private func sides() -> (base: [RunFolder], new: [RunFolder]) {
    ([folder("a<b>&", 1_000)], [folder("c", 4_000)])
  }

  private func html() throws -> String {
    let (base, new) = sides()
    return ComparisonHTML.render(
      try Comparer.compare(base: base, new: new), flames: Comparer.flames(base: base, new: new))
  }

  @Test func `no name becomes markup, and the page asks nothing of the network`() throws {
    let page = try html()
    #expect(!page.contains("<img") && !page.contains("</script><"))
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
    #expect(!page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("a&lt;b&gt;&amp;"))
  }

  @Test func `both widths are there, so that what vanished can be seen`() throws {
    let (base, new) = sides()
    let flame = try #require(Comparer.flames(base: base, new: new).first)
    let names = Set(flame.tree.nodes.map(\.name))
    #expect(names.isSuperset(of: ["arrived", "vanished", "steady"]))
    let vanished = try #require(flame.tree.nodes.first { $0.name == "vanished" })
    // A second of ten.
    #expect(abs(vanished.base.value - 0.1) < 1e-9 && vanished.new.value == 0)
    let page = try html()
    #expect(page.contains("\"vanished\"") && page.contains("\"gone\""))
  }

  @Test func `a difference that chance explains has no color`() throws {
    let (base, _) = sides()
    let page = ComparisonHTML.render(
      try Comparer.compare(base: base, new: base), flames: Comparer.flames(base: base, new: base))
    let frames = page.components(separatedBy: "\"frames\":[[").dropFirst()
    #expect(!frames.isEmpty)
    for list in frames {
      let rows = (list.components(separatedBy: "]]").first ?? "").components(separatedBy: "],[")
      #expect(rows.allSatisfy { $0.hasSuffix(",0") }, "\(rows)")
    }
  }

  @Test func `text and Markdown keep their form as well`() throws {
    let (base, new) = sides()
    let comparison = try Comparer.compare(base: base, new: new)
    let text = ComparisonText.render(comparison, showsAll: true)
    #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    let rows = ComparisonMarkdown.render(comparison).split(separator: "\n").filter {
      $0.hasPrefix("|")
    }
    #expect(rows.count > 3)
    for row in rows {
      let bars = row.replacing("\\|", with: "").filter { $0 == "|" }.count
      #expect(bars == 7, "\(row)")
    }
    #expect(!ComparisonMarkdown.render(comparison).contains("<img"))
  }

  @Test func `costs per second stand beside shares`() throws {
    let (base, new) = sides()
    let text = ComparisonText.render(try Comparer.compare(base: base, new: new), showsAll: true)
    #expect(text.contains("own cost per second, with its share"))
    #expect(text.contains("25.0 % → 14.3 %"))
  }
}
