import Foundation
import Testing

@testable import ProfileViews

/// Patterns mean what they mean in Go, and cost what their length says.
struct PatternTests {
  /// Patterns, texts and what Go's regexp answered; `⏎` stands for a line feed.
  private static let answers: [[String]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/patterns.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }()

  @Test func `1,500 patterns are read, refused and found as Go does`() throws {
    #expect(Self.answers.count == 1_500)
    for row in Self.answers {
      let pattern = try? NamePattern(row[0])
      let text = row[1].replacing("⏎", with: "\n")
      let answer = pattern.map { $0.matches(text) ? "yes" : "no" } ?? "error"
      #expect(answer == row[2], "/\(row[0])/ in \(row[1].debugDescription)")
    }
  }

  @Test func `a pattern that others try for years is answered`() throws {
    let text = String(repeating: "a", count: 3_000)
    for source in ["(a*)*b", "(a|a)*b", "^(a+)+$b", ".*.*.*.*.*.*=", "(a?){900}b"] {
      #expect(try !NamePattern(source).matches(text), "\(source)")
    }
    #expect(try NamePattern("(x+x+)+y").matches(String(repeating: "x", count: 3_000) + "y"))
  }

  @Test(arguments: [
    "(((a{100}){100}){100}){100}", "(((){1000}){1000}){1000}",
    String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000),
  ])
  func `a pattern that would grow too large is refused`(source: String) {
    #expect(throws: NamePattern.Invalid.self) { try NamePattern(source) }
  }

  @Test(arguments: [
    ("a(b", "a ( is not closed"), ("a)", "a ) has no ( before it"), ("[a", "a [ is not closed"),
    ("a**", "one repetition stands behind another"), ("\\", "it ends with a backslash"),
    ("(?=a)", "`(?=` is not a part of RE2"), ("\\1", "`\\1` is not a part of RE2"),
    ("[b-a]", "a range of letters runs backwards"),
  ])
  func `what is wrong is said`(source: String, reason: String) {
    #expect(throws: NamePattern.Invalid(source: source, reason: reason)) {
      try NamePattern(source)
    }
  }
}
