import Measurement

/// A share as people write it into a file: percent with two digits, exactly.
///
/// Whole hundredths, so that a figure that was written and one that was computed again are equal
/// or not, without a tolerance to argue about.
package struct Percent: Codable, Sendable, Hashable {
  package var hundredths: Int

  package init(hundredths: Int) { self.hundredths = hundredths }

  /// Nil for what is not a number, or too large to mean anything.
  package init?(share: Double) {
    let scaled = (share * 10_000).rounded()
    guard scaled.isFinite, abs(scaled) < 1e12 else { return nil }
    hundredths = Int(scaled)
  }

  package var share: Double { Double(hundredths) / 10_000 }

  /// `+12.30%`: with its sign, in ASCII, for the data file.
  package var signed: String { (hundredths < 0 ? "-" : "+") + magnitude }

  /// `12.30%`.
  package var magnitude: String {
    let size = hundredths.magnitude
    let rest = String(size % 100)
    return "\(size / 100).\(rest.count < 2 ? "0" + rest : rest)%"
  }

  /// As every other document of this program writes a change: `+12.3 %`.
  package var text: String { NumberText.change(share) }

  /// Reads `+12.30%`, `-3%`, `0.5%`.
  package init?(_ text: some StringProtocol) {
    var rest = text[...]
    guard rest.hasSuffix("%") else { return nil }
    rest = rest.dropLast()
    let isNegative = rest.hasPrefix("-")
    if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Self.digits(parts[0], upTo: 10), !parts[0].isEmpty else {
      return nil
    }
    let fraction = parts.count == 2 ? String(parts[1]) : "00"
    guard (1...2).contains(fraction.count), let part = Self.digits(fraction[...], upTo: 2) else {
      return nil
    }
    let size = whole * 100 + (fraction.count == 1 ? part * 10 : part)
    hundredths = isNegative ? -size : size
  }

  private static func digits(_ text: some StringProtocol, upTo count: Int) -> Int? {
    guard text.count <= count, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text)
  }
}
