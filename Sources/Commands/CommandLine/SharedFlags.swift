/// Flags that every command knows.
enum SharedFlags {
  static let everywhere = [
    Flag("help", short: "h", .toggle, "Show this page.", group: .output),
    Flag(
      "color", .choice(["auto", "always", "never"]), "Color the output.",
      standard: "auto: on a terminal, unless NO_COLOR or TERM=dumb", group: .output),
    Flag(
      "quiet", short: "q", .toggle, "No progress and no notes on standard error.", group: .output),
  ]

  static let json = Flag(
    "json", .toggle, "Print exactly one JSON document, in SI units.", group: .output)

  static let output = Flag(
    "output", short: "o", .path, "Write to this file instead of standard output.", group: .output)

  static let profiles = Flag(
    "profiles", .path, "The folder that runs lie in.", standard: "Profiles", group: .other)
}
