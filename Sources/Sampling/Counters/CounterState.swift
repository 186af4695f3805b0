/// What became of one counter: a number, or the reason why there is none.
package enum CounterState: Sendable, Equatable {
  /// The share of the time that it really counted; below one, the value is an estimate.
  case counted(value: UInt64, runningShare: Double)
  /// The processor had no counter free for it at any time.
  case notCounted
  /// This machine cannot count it.
  case notSupported
  case notPermitted(reason: String)

  package var value: UInt64? {
    if case .counted(let value, _) = self { value } else { nil }
  }

  /// Why there is no number, in words for a table.
  package var reason: String? {
    switch self {
    case .counted: nil
    case .notCounted: "not counted"
    case .notSupported: "not supported on this machine"
    case .notPermitted(let reason): "not permitted (\(reason))"
    }
  }
}

extension CounterState: Codable {
  private enum Keys: String, CodingKey {
    case state, value, reason
    case runningShare = "running_share"
  }

  private enum Kind: String, Codable {
    case counted
    case notCounted = "not_counted"
    case notSupported = "not_supported"
    case notPermitted = "not_permitted"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    switch try values.decode(Kind.self, forKey: .state) {
    case .counted:
      self = .counted(
        value: try values.decode(UInt64.self, forKey: .value),
        runningShare: try values.decode(Double.self, forKey: .runningShare))
    case .notCounted: self = .notCounted
    case .notSupported: self = .notSupported
    case .notPermitted:
      self = .notPermitted(reason: try values.decode(String.self, forKey: .reason))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    switch self {
    case .counted(let value, let share):
      try values.encode(Kind.counted, forKey: .state)
      try values.encode(value, forKey: .value)
      try values.encode(share, forKey: .runningShare)
    case .notCounted: try values.encode(Kind.notCounted, forKey: .state)
    case .notSupported: try values.encode(Kind.notSupported, forKey: .state)
    case .notPermitted(let reason):
      try values.encode(Kind.notPermitted, forKey: .state)
      try values.encode(reason, forKey: .reason)
    }
  }
}
