import Pprof
import ProfileViews
import Testing

/// What holds for every profile, asked of all that the comparison with pprof uses.
struct ViewInvariantTests {
  static let profiles = TopAgainstPprofTests.profiles.filter { $0 != "synthetic-odd" }

  @Test(arguments: profiles)
  func `own costs sum to the total, and lie within cumulative ones`(name: String) throws {
    let profile = try TopAgainstPprofTests.profile(name)
    var options = TopView.Options()
    (options.nodeFraction, options.edgeFraction) = (0, 0)
    let view = try TopView(profile, options)
    #expect(view.rows.reduce(0) { $0 + $1.flat } == view.total)
    for row in view.rows {
      #expect(0 <= row.flat && row.flat <= row.cum && row.cum <= view.total, "\(row.name)")
    }
  }

  @Test(arguments: profiles)
  func `merging a profile with itself doubles every row`(name: String) throws {
    let profile = try TopAgainstPprofTests.profile(name)
    let once = try FunctionCosts(profile)
    let twice = try FunctionCosts(ProfileMerge.merge([profile, profile]))
    #expect(twice.total == 2 * once.total)
    for cost in once.costs {
      #expect(twice[cost.name]?.flat == 2 * cost.flat, "\(cost.name)")
      #expect(twice[cost.name]?.cum == 2 * cost.cum, "\(cost.name)")
    }
  }

  @Test(arguments: profiles)
  func `a node of the call tree is its own cost and its children's`(name: String) throws {
    let tree = try CallTree(TopAgainstPprofTests.profile(name))
    for node in tree.nodes {
      let below = node.children.reduce(Int64(0)) { $0 + tree.nodes[$1].value }
      #expect(node.value == node.ownValue + below, "\(node.name)")
    }
  }

  @Test func `a function that calls itself is counted once for each sample`() throws {
    var builder = ProfileBuilder(sampleTypes: [.init("samples", "count")])
    let again = ProfileBuilder.Frame(named: "again")
    builder.add(stack: [again, again, .init(named: "main"), again], values: [5])
    let view = try TopView(builder.profile, TopView.Options())
    #expect(view.rows.first { $0.name == "again" }?.cum == 5)
    #expect(try FunctionCosts(builder.profile)["again"]?.cum == 5)
  }
}
