package import Findings

/// Something worth doing, who asked for it, and what became of it.
///
/// An item is open (pending, deferred) or closed (tried, done, accepted). What is *done* or *tried*
/// carries its proof: the runs that were compared, a digest of what is in them, and the rows that
/// it claims. There is no way to close an item without it.
package struct TrackedItem: Codable, Sendable, Equatable {
  /// `T1`, `T2` …; never given twice.
  package var id: String
  package var title: String
  package var state: State
  /// The day of the state, UTC: `2026-11-21`.
  package var since: String
  /// Why it is deferred or accepted.
  package var reason: String?
  package var asked: [Asked]
  package var proof: Proof?
  /// What it was before, a line for each change that took a proof or a reason away.
  package var history: [String]

  package init(
    id: String, title: String, state: State = .pending, since: String, reason: String? = nil,
    asked: [Asked] = [], proof: Proof? = nil, history: [String] = []
  ) {
    self.id = id
    self.title = title
    self.state = state
    self.since = since
    self.reason = reason
    self.asked = asked
    self.proof = proof
    self.history = history
  }

  package enum State: String, Codable, Sendable, CaseIterable {
    case pending, deferred, tried, done, accepted

    package var isOpen: Bool { self == .pending || self == .deferred }
    package var needsProof: Bool { self == .tried || self == .done }
    package var needsReason: Bool { self == .deferred || self == .accepted }
  }

  /// The finding that asked for it: where it was seen, and its name from run to run.
  package struct Asked: Codable, Sendable, Equatable {
    package var run: String
    package var key: FindingKey
    /// What the finding said then, for a reader without the run.
    package var title: String

    package init(run: String, key: FindingKey, title: String) {
      self.run = run
      self.key = key
      self.title = title
    }
  }
}

/// A comparison that anybody can repeat, and what it is taken to show.
package struct Proof: Codable, Sendable, Equatable {
  package var base: [Run]
  package var new: [Run]
  /// Settings that were allowed to differ, as `compare --allow` has them.
  package var allowed: [String]
  package var claims: [Claim]

  package init(base: [Run], new: [Run], allowed: [String] = [], claims: [Claim]) {
    self.base = base
    self.new = new
    self.allowed = allowed
    self.claims = claims
  }

  package struct Run: Codable, Sendable, Equatable {
    /// From the folder on in which the tracker is used.
    package var path: String
    /// Of all files in it; see `RunDigest`.
    package var digest: String

    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }
  }

  /// One row of the comparison.
  package struct Claim: Codable, Sendable, Equatable {
    package var metric: String
    package var verdict: Verdict
    package var change: Percent
    /// The 95 % interval of the change.
    package var low: Percent
    package var high: Percent
    /// What the comparison would have seen; of claims that there is no change.
    package var detectable: Percent?

    package init(
      metric: String, verdict: Verdict, change: Percent, low: Percent, high: Percent,
      detectable: Percent? = nil
    ) {
      self.metric = metric
      self.verdict = verdict
      self.change = change
      self.low = low
      self.high = high
      self.detectable = detectable
    }
  }

  package enum Verdict: String, Codable, Sendable, CaseIterable {
    case better, worse
    /// The comparison looked and saw no difference, which is not the same as none.
    case unseen
  }

  /// The command that shows the claims again.
  package var command: String {
    let words = (base + new).map { TrackerText.shellWord($0.path) }
    let allow = allowed.isEmpty ? "" : " --allow \(allowed.joined(separator: ","))"
    if base.count == 1, new.count == 1 {
      return "vbench compare\(allow) \(words.joined(separator: " "))"
    }
    let sides = [words.prefix(base.count), words.dropFirst(base.count)]
    return "vbench compare\(allow) "
      + sides.map { $0.joined(separator: " ") }.joined(separator: " --against ")
  }
}
