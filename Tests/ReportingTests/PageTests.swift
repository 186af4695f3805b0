import Findings
import FoundationEssentials
import Glibc
@testable import Reporting
import Testing

/// The page as a reader without eyes, without a mouse or without trust in its content meets it.
@Suite struct PageTests {
  private static let pages: [(ReportStyle, Result<String, any Error>)] = ReportStyle.allCases.map {
    style in
    (style, Result { try Example.text(style, targets: style == .gap, form: .html) })
  }

  private func page(_ style: ReportStyle) throws -> String {
    try #require(Self.pages.first { $0.0 == style }).1.get()
  }

  // MARK: - Contrast

  @Test(arguments: ["light", "dark"])
  func `every pair of colors has a contrast of at least 4.5`(scheme: String) throws {
    for pair in Palette.pairs {
      let text = scheme == "light" ? pair.text.light : pair.text.dark
      let ground = scheme == "light" ? pair.ground.light : pair.ground.dark
      let contrast = try Self.contrast(text, ground)
      #expect(contrast >= 4.5, "\(pair.text.name) on \(pair.ground.name): \(contrast)")
    }
  }

  @Test func `the style sheet uses no color that has no pair`() throws {
    let sheet = ReportSheet.style
    let rules = try #require(
      sheet.components(separatedBy: "*").dropFirst().first.map { _ in sheet })
    let body = rules.replacing(Palette.sheet, with: "")
    #expect(!body.contains("#") || !body.contains(where: { $0 == "#" }))
    let texts = Set(Palette.pairs.map(\.text.name))
    let grounds = Set(Palette.pairs.map(\.ground.name))
    for (property, allowed) in [
      (" color: var(--", texts.union(["onfill"])), ("background: var(--", grounds),
      ("fill: var(--", grounds.union(["onfill"])),
    ] {
      for piece in body.components(separatedBy: property).dropFirst() {
        let name = String(piece.prefix { $0 != ")" })
        #expect(allowed.contains(name), "\(property)\(name)")
      }
    }
  }

  @Test func `contrast is computed as the guidelines say`() throws {
    #expect(abs(try Self.contrast("#000000", "#ffffff") - 21) < 0.01)
    #expect(abs(try Self.contrast("#777777", "#ffffff") - 4.48) < 0.01)
  }

  private static func contrast(_ one: String, _ other: String) throws -> Double {
    let (a, b) = (try luminance(one), try luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private static func luminance(_ color: String) throws -> Double {
    let value = try #require(Int(color.dropFirst(), radix: 16))
    let parts = [16, 8, 0].map { shift -> Double in
      let channel = Double(value >> shift & 255) / 255
      return channel <= 0.03928 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  // MARK: - Structure

  @Test(arguments: ReportStyle.allCases)
  func `headings begin with one h1 and skip no level`(style: ReportStyle) throws {
    let levels = try page(style).ranges(of: "<h").compactMap { range in
      try page(style)[range.upperBound...].first.flatMap { Int(String($0)) }
    }
    #expect(levels.first == 1)
    #expect(levels.filter { $0 == 1 }.count == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    #expect(levels.count > 8)
  }

  @Test(arguments: ReportStyle.allCases)
  func `the page names its language, title, pictures and tables`(style: ReportStyle) throws {
    let page = try page(style)
    #expect(page.contains("<html lang=\"en\">"))
    #expect(page.contains("<title>"))
    #expect(!page.contains("<title></title>"))
    #expect(page.contains("name=\"viewport\""))
    for tag in tags("svg", in: page) {
      #expect(tag.contains("aria-label=\"") || tag.contains("aria-hidden=\"true\""), "\(tag)")
      #expect(!tag.contains("aria-label=\"\""))
    }
    for tag in tags("div", in: page) where tag.contains("role=\"region\"") {
      #expect(tag.contains("aria-label=\"") && !tag.contains("aria-label=\"\""), "\(tag)")
    }
    for tag in tags("th", in: page) { #expect(tag.contains("scope=\""), "\(tag)") }
  }

  @Test(arguments: ReportStyle.allCases)
  func `whatever scrolls or folds can be reached with keys`(style: ReportStyle) throws {
    let page = try page(style)
    for tag in tags("div", in: page) where tag.contains("class=\"wide\"") {
      #expect(tag.contains("tabindex=\"0\""), "\(tag)")
    }
    for tag in tags("pre", in: page) { #expect(tag.contains("tabindex=\"0\""), "\(tag)") }
    let folds = tags("details", in: page).count
    #expect(page.components(separatedBy: "<details><summary>").count - 1 == folds)
    #expect(ReportSheet.style.contains(":focus-visible"))
    #expect(!ReportSheet.style.contains("outline: none"))
    #expect(!page.contains("tabindex=\"1\""))
    #expect(page.contains("class=\"skip\" href=\"#s0\""))
  }

  @Test(arguments: ReportStyle.allCases)
  func `every anchor leads somewhere, and no name is given twice`(style: ReportStyle) throws {
    let page = try page(style)
    let ids = page.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
    for link in page.components(separatedBy: "href=\"").dropFirst() {
      let target = link.prefix { $0 != "\"" }
      #expect(target.hasPrefix("#") && ids.contains(target.dropFirst()), "\(target)")
    }
  }

  @Test(arguments: ReportStyle.allCases)
  func `tags are closed in the order in which they were opened`(style: ReportStyle) throws {
    let page = try page(style)
    let body = page.components(separatedBy: "<script>")[0]
    var open: [String] = []
    let void: Set<String> = ["meta", "rect", "!doctype"]
    for piece in body.components(separatedBy: "<").dropFirst() {
      let isClosing = piece.hasPrefix("/")
      let name = String(piece.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" })
      if void.contains(name) { continue }
      if isClosing {
        #expect(open.popLast() == name)
      } else {
        open.append(name)
      }
    }
    #expect(open == ["html", "body"], "the script is all that follows")
  }

  private func tags(_ name: String, in page: String) -> [String] {
    page.components(separatedBy: "<\(name)").dropFirst().filter {
      $0.first == " " || $0.first == ">"
    }.map { String($0.prefix { $0 != ">" }) }
  }

  // MARK: - Trust

  @Test(arguments: ReportStyle.allCases)
  func `nothing is loaded, and only the page's own script and style may act`(style: ReportStyle)
    throws
  {
    let page = try page(style)
    let policy = try #require(
      page.components(separatedBy: "Content-Security-Policy\" content=\"").last?
        .prefix { $0 != "\"" })
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    #expect(policy.contains("script-src '\(ContentHash.source(ReportSheet.script))'"))
    #expect(policy.contains("style-src '\(ContentHash.source(ReportSheet.style))'"))
    #expect(page.contains("<style>\(ReportSheet.style)</style>"))
    #expect(page.contains("<script>\(ReportSheet.script)</script>"))
    for word in [" src=", " style=", " onclick=", "url(", "@import", "javascript:"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.utf8.count < 2_000_000)
  }

  @Test func `hashes are those that everybody computes`() {
    #expect(
      ContentHash.source("abc") == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
    #expect(ContentHash.source("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var start = startIndex
    for range in ranges(of: separator) {
      parts.append(String(self[start..<range.lowerBound]))
      start = range.upperBound
    }
    return parts + [String(self[start...])]
  }
}
