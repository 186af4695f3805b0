import Glibc

/// Wall-clock time as people write it: for names and letters, never for durations.
package enum LocalTime {
  /// The local time as `20260206_234749`, from nanoseconds since 1970.
  package static func stamp(_ nanoseconds: UInt64) -> String {
    text(nanoseconds, as: "%Y%m%d_%H%M%S", inUTC: false)
  }

  /// UTC in ISO 8601, as `2026-02-06T22:47:49Z`.
  package static func iso(_ nanoseconds: UInt64) -> String {
    text(nanoseconds, as: "%Y-%m-%dT%H:%M:%SZ", inUTC: true)
  }

  /// The local time as pprof's header has it: `Feb 6, 2026 at 5:46pm (UTC)`.
  package static func pprof(_ nanoseconds: UInt64) -> String {
    let part = { text(nanoseconds, as: $0, inUTC: false) }
    let trimmed = { (digits: String) in digits.hasPrefix("0") ? String(digits.dropFirst()) : digits
    }
    let half = (Int(part("%H")) ?? 0) < 12 ? "am" : "pm"
    return "\(part("%b")) \(trimmed(part("%d"))), \(part("%Y")) at "
      + "\(trimmed(part("%I"))):\(part("%M"))\(half) (\(part("%Z")))"
  }

  /// The local time as Go prints it: `2026-02-06 22:47:49.5 +0000 UTC`.
  package static func go(_ nanoseconds: UInt64) -> String {
    var fraction = ""
    if nanoseconds % 1_000_000_000 > 0 {
      let digits = String(nanoseconds % 1_000_000_000 + 1_000_000_000).dropFirst()
      fraction =
        "."
        + digits.prefix(
          (digits.lastIndex { $0 != "0" }).map {
            digits.distance(from: digits.startIndex, to: $0) + 1
          } ?? 0)
    }
    return text(nanoseconds, as: "%Y-%m-%d %H:%M:%S", inUTC: false) + fraction
      + text(nanoseconds, as: " %z %Z", inUTC: false)
  }

  private static func text(_ nanoseconds: UInt64, as format: String, inUTC: Bool) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var bytes = [CChar](repeating: 0, count: 64)
    // SAFETY: the time is a local and so is the calendar form; strftime is told the room.
    let count = unsafe withUnsafeTemporaryAllocation(of: tm.self, capacity: 1) { parts in
      guard let calendar = parts.baseAddress else { return 0 }
      if inUTC {
        unsafe gmtime_r(&seconds, calendar)
      } else {
        unsafe localtime_r(&seconds, calendar)
      }
      return unsafe strftime(&bytes, bytes.count, format, calendar)
    }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
