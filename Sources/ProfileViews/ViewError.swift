package import Pprof

/// Why a profile cannot be shown as asked.
package enum ViewError: Error, Equatable, CustomStringConvertible {
  case noSampleTypes
  case noSuchSampleType(String, known: [String])
  case differentTypes(String, String)
  case tooLarge
  case noDivisor
  case noMatch(String)
  case notATree(String)

  package var description: String {
    switch self {
    case .noSampleTypes: "The profile has no sample types."
    case .noSuchSampleType(let name, let known):
      "There is no sample type `\(name)`; the profile has \(known.joined(separator: ", "))."
    case .differentTypes(let one, let other):
      "The profiles count different things, \(one) and \(other), and cannot be added or compared."
    case .tooLarge:
      "The values add up to more than 2^63, which no number in a profile can hold."
    case .notATree(let reason): "There is no tree of parts to draw: \(reason)."
    case .noDivisor: "Values cannot be divided by zero."
    case .noMatch(let pattern): "No function matches \(pattern)."
    }
  }
}

extension Profile {
  /// The position of a sample type, by name or number; nil asks for the profile's own default.
  package func sampleIndex(_ name: String?) throws(ViewError) -> Int {
    if sampleTypes.isEmpty { throw .noSampleTypes }
    guard let name, !name.isEmpty else {
      return sampleTypes.firstIndex { $0.type == defaultSampleType && !$0.type.isEmpty }
        ?? sampleTypes.count - 1
    }
    if let number = Int(name), sampleTypes.indices.contains(number) { return number }
    let short = name.hasPrefix("inuse_") ? String(name.dropFirst(6)) : name
    if let index = sampleTypes.firstIndex(where: { $0.type == name || $0.type == short }) {
      return index
    }
    throw .noSuchSampleType(name, known: sampleTypes.map(\.type))
  }
}
