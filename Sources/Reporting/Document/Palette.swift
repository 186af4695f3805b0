/// The colors of a report's page, light and dark, and which may stand on which.
///
/// Every pair that the style sheet makes is in `pairs`; a test computes their contrast.
enum Palette {
  struct Color: Sendable {
    let name: String
    let light: String
    let dark: String
  }

  static let grounds = [
    Color(name: "ground", light: "#fbfaf8", dark: "#16171a"),
    Color(name: "card", light: "#ffffff", dark: "#1e2024"),
    Color(name: "shade", light: "#f1efea", dark: "#26282e"),
  ]

  static let texts = [
    Color(name: "ink", light: "#1d1d1f", dark: "#ececf0"),
    Color(name: "soft", light: "#5a5a62", dark: "#b4b4be"),
    Color(name: "link", light: "#174a86", dark: "#8fc1ff"),
    Color(name: "bad", light: "#a1260d", dark: "#ff9d8a"),
    Color(name: "warn", light: "#7a4b00", dark: "#f0c066"),
    Color(name: "good", light: "#1d6336", dark: "#86d69b"),
  ]

  /// Of boxes in pictures; the letters on them are `onfill`.
  static let fills = [
    Color(name: "work", light: "#f2a35e", dark: "#d98a45"),
    Color(name: "kernel", light: "#8fb4da", dark: "#7ba3cc"),
    Color(name: "runtime", light: "#93cfa6", dark: "#7fbd93"),
    Color(name: "label", light: "#d3d6dc", dark: "#a9adb6"),
    Color(name: "unknown", light: "#c4aee0", dark: "#b09ad0"),
    Color(name: "core", light: "#e3c565", dark: "#c9ab4c"),
    Color(name: "lock", light: "#e58a8a", dark: "#d77a7a"),
    Color(name: "disk", light: "#8fb4da", dark: "#7ba3cc"),
    Color(name: "wait", light: "#c4aee0", dark: "#b09ad0"),
    Color(name: "rest", light: "#d3d6dc", dark: "#a9adb6"),
  ]

  static let onfill = Color(name: "onfill", light: "#16171a", dark: "#16171a")
  /// Borders; nothing is to be read from them.
  static let line = Color(name: "line", light: "#dedad2", dark: "#383b43")

  static let pairs: [(text: Color, ground: Color)] =
    grounds.flatMap { ground in texts.map { ($0, ground) } } + fills.map { (onfill, $0) }

  static var sheet: String {
    let all = grounds + texts + fills + [onfill, line]
    let light = all.map { "--\($0.name): \($0.light);" }.joined(separator: " ")
    let dark = all.map { "--\($0.name): \($0.dark);" }.joined(separator: " ")
    return ":root { color-scheme: light dark; \(light) }\n"
      + "@media (prefers-color-scheme: dark) { :root { \(dark) } }\n"
  }
}
