/// What a caller may decide about a comparison.
package struct ComparisonOptions: Sendable {
  /// Differences, by name, that are accepted although they would forbid a verdict; `all` for any.
  package var allow: Set<String>
  package var procedure: Procedure
  /// The share a result may lose before the gate fails; nil for no gate.
  ///
  /// It is the least change worth a claim, too.
  package var gate: Double? {
    didSet { if let gate { procedure.minimumEffect = gate } }
  }
  /// Functions below this share of a role's cost on both sides are left out.
  package var smallestShare = 0.005
  /// Samples of both sides together below which a function is left out.
  package var fewestSamples = 30
  package var functionLimit = 60
  /// The load generator's own functions are shown only when asked for.
  package var includesClient = false
  /// What the caller has to say beside the comparison's own notes.
  package var notes: [String] = []

  package init(allow: Set<String> = [], procedure: Procedure = Procedure()) {
    self.allow = allow
    self.procedure = procedure
  }

  func allows(_ name: String) -> Bool { allow.contains(name) || allow.contains("all") }
}

/// Why two folders cannot be compared at all.
package enum ComparisonError: Error, Equatable, CustomStringConvertible {
  /// With what was seen of profiles that are there and cannot be held against each other.
  case nothingInCommon(base: String, new: String, notes: [String])

  package var description: String {
    switch self {
    case .nothingInCommon(let base, let new, let notes) where !notes.isEmpty:
      "\(base) and \(new) cannot be compared. \(notes.joined(separator: " "))"
    case .nothingInCommon(let base, let new, _):
      "\(base) and \(new) share neither a result nor a profile of the same role and kind. "
        + "Compare runs of the same command, or folders with equally named profiles."
    }
  }
}
