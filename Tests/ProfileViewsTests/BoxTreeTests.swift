import Pprof
import TestSupport
import Testing

@testable import ProfileViews

/// A tree that sums, at every level and as it is printed.
struct BoxTreeTests {
  static let names = OddProfiles.all.keys.sorted().filter {
    !["odd-negative", "odd-ties", "odd-over"].contains($0)
  }

  @Test(arguments: names, [false, true])
  func `the rows below a row sum to it, in value, share and amount`(
    name: String, isInverted: Bool
  ) throws {
    let make = try #require(OddProfiles.all[name])
    let tree = try BoxTree(CombinedProfile(make()), isInverted: isInverted, ViewOptions())
    let rows = tree.rows(depth: 9, minimumShare: 0.01)
    for (position, row) in rows.enumerated() {
      let below = rows[(position + 1)...].prefix { $0.depth > row.depth }
        .filter { $0.depth == row.depth + 1 }
      if below.isEmpty { continue }
      #expect(below.reduce(0) { $0 + $1.value } == row.value, "\(row.name)")
      #expect(below.reduce(0) { $0 + $1.share } == row.share, "\(row.name)")
      #expect(below.reduce(0) { $0 + $1.amount } == row.amount, "\(row.name)")
    }
    #expect(rows.first?.value ?? 0 == tree.nodes[0].value)
  }

  @Test func `a tree shows own cost and what is too small`() throws {
    var builder = ProfileBuilder(sampleTypes: [.init("cpu", "milliseconds")])
    func add(_ names: String, _ value: Int64) {
      let frames = names.split(separator: ";").reversed()
        .map { ProfileBuilder.Frame(named: String($0)) }
      builder.add(stack: frames, values: [value])
    }
    add("main;read", 600)
    add("main;read;parse", 299)
    add("main;write", 1_000)
    add("main", 100)
    add("main;tick", 1)
    let tree = try BoxTree(CombinedProfile(builder.profile), isInverted: false, ViewOptions())
    #expect(
      tree.text(depth: 3, minimumShare: 0.01) == """
        Type: cpu
        100.00%  2.00s  all
        100.00%  2.00s  └─ main
         50.00%  1.00s     ├─ write
         44.95%  0.90s     ├─ read
         30.00%  0.60s     │  ├─ (self)
         14.95%  0.30s     │  └─ parse
          5.00%  0.10s     ├─ (self)
          0.05%  0.00s     └─ … 1 more

        """)
    let inverted = try BoxTree(CombinedProfile(builder.profile), isInverted: true, ViewOptions())
    #expect(inverted.nodes[inverted.nodes[0].children[0]].name == "write")
  }

  @Test func `differences and means are refused`() throws {
    let make = try #require(OddProfiles.all["odd-negative"])
    let profile = CombinedProfile(make())
    #expect(throws: ViewError.notATree("a difference has negative values")) {
      try BoxTree(profile, isInverted: false, ViewOptions())
    }
    var options = ViewOptions()
    options.isMean = true
    #expect(throws: ViewError.notATree("means do not add up")) {
      try BoxTree(profile, isInverted: false, options)
    }
  }

  @Test func `values that no sum can hold are refused`() throws {
    var builder = ProfileBuilder(sampleTypes: [.init("n", "count")])
    builder.add(stack: [.init(named: "a")], values: [.max])
    builder.add(stack: [.init(named: "b")], values: [.min])
    #expect(throws: ViewError.tooLarge) { try TopView(builder.profile, ViewOptions()) }
    #expect(throws: ViewError.tooLarge) { try CallTree(builder.profile) }
  }
}
