import Foundation
import FoundationXML
import Pprof
import ProfileViews
import Reporting
import Testing

/// Names come from binaries that nobody vouches for, and end up in a browser.
struct FlameGraphTests {
  static let hostile = [
    "</script><script>alert(1)</script>", "</title><svg onload=alert(1)>", "a\" onload=\"x",
    "]]>", "&lt;b&gt;", "bell\u{7}escape\u{1B}[31m", "line\nbreak\u{2028}x", "{{data}}",
    "turned\u{202E}round", "$&\\u003c",
  ]

  static func tree(_ names: [String]) throws -> CallTree {
    var builder = ProfileBuilder(sampleTypes: [.init("cpu", "nanoseconds")])
    for (index, name) in names.enumerated() {
      builder.add(
        stack: [.init(named: name), .init(named: "main")], values: [Int64(1_000 + index)])
    }
    return try CallTree(builder.profile)
  }

  static func options(_ title: String) -> FlameGraphSVG.Options {
    var options = FlameGraphSVG.Options()
    (options.title, options.subtitle) = (title, title)
    return options
  }

  @Test(arguments: hostile)
  func `an SVG with a hostile name is well-formed and brings no element of its own`(
    name: String
  ) throws {
    let svg = FlameGraphSVG.render(try Self.tree([name, "plain"]), Self.options(name))
    let elements = ElementCollector()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = elements
    #expect(parser.parse())
    #expect(elements.names == ["svg", "g", "rect", "text", "title"])
    #expect(!elements.attributes.contains { $0.hasPrefix("on") })
    #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
  }

  /// The same tree on both sides, but for the cost of one function.
  private func difference(_ name: String, base: Int64, new: Int64) -> DifferenceTree {
    let sides = [base, new].map { cost in
      var builder = ProfileBuilder(
        sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")])
      for (leaf, value) in [(name, cost), ("steady", 1_000)] where value > 0 {
        builder.add(stack: [.init(named: leaf), .init(named: "main")], values: [value, value])
      }
      return DifferenceTree.Part(builder.profile, sampleType: "cpu", scale: 1)
    }
    return DifferenceTree(base: [sides[0]], new: [sides[1]])
  }

  @Test(arguments: hostile)
  func `a differential SVG with a hostile name is well-formed`(name: String) throws {
    let tree = difference(name, base: 1_000, new: 3_000)
    let svg = FlameDifferenceSVG.render(tree, Self.options(name)) { "\($0) ns" }
    let elements = ElementCollector()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = elements
    #expect(parser.parse())
    #expect(elements.names == ["svg", "g", "rect", "text", "title"])
    #expect(!elements.attributes.contains { $0.hasPrefix("on") })
  }

  @Test
  func `more is red, less is blue, the same is gray, and what is gone is in the second picture`() {
    func rectangles(_ base: Int64, _ new: Int64) -> [String] {
      FlameDifferenceSVG.render(difference("f", base: base, new: new), Self.options("x")) {
        "\($0)"
      }
      .components(separatedBy: "\n").filter { $0.contains("<title>f:") }
    }
    let (red, blue, gray) = ("fill=\"#ec6458\"", "fill=\"#6096de\"", "fill=\"#dedcd8\"")
    #expect(rectangles(1_000, 2_000).map { $0.contains(red) } == [true, true])
    #expect(rectangles(1_000, 1_000).map { $0.contains(gray) } == [true, true])
    // Ten against eleven could be chance.
    #expect(rectangles(10, 11).map { $0.contains(gray) } == [true, true])
    #expect(rectangles(1_000, 0).map { $0.contains(blue) } == [true])
    #expect(rectangles(0, 1_000).map { $0.contains(red) } == [true])
  }

  @Test(arguments: hostile)
  func `a page with a hostile name has two scripts, and its data gives the name back`(
    name: String
  ) throws {
    let page = FlameGraphHTML.render(try Self.tree([name, "plain"]), Self.options(name))
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    let data = Data(page[start.upperBound..<end.lowerBound].utf8)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let names = try #require(json["names"] as? [String])
    #expect(names.contains(name))
  }

  @Test func `a title that looks like a blank of the page stays a title`() throws {
    let page = FlameGraphHTML.render(try Self.tree(["main"]), Self.options("{{data}}"))
    #expect(page.contains("<title>&#123;&#123;data}}</title>"))
  }

  @Test func `equal trees draw equal pictures`() throws {
    let (one, two) = (try Self.tree(Self.hostile), try Self.tree(Self.hostile))
    let options = Self.options("twice")
    #expect(FlameGraphSVG.render(one, options) == FlameGraphSVG.render(two, options))
    #expect(FlameGraphHTML.render(one, options) == FlameGraphHTML.render(two, options))
  }

  @Test func `a page of very many frames stays below two megabytes and says what it folded`()
    throws
  {
    let page = FlameGraphHTML.render(
      try Self.tree((0..<30_000).map { "function number \($0) of a large program" }),
      Self.options("many"))
    #expect(page.utf8.count < 2 << 20)
    #expect(page.contains("are not drawn; together they are"))
  }
}

/// The names of elements and attributes that a parser met.
private final class ElementCollector: NSObject, XMLParserDelegate {
  var names: Set<String> = []
  var attributes: Set<String> = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes found: [String: String]
  ) {
    names.insert(name)
    attributes.formUnion(found.keys)
  }
}
