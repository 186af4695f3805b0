package import Pprof

/// Why a profile cannot be shown as asked.
package enum ViewError: Error, Equatable, CustomStringConvertible {
  case noSampleTypes
  case noSuchSampleType(String, known: [String])

  package var description: String {
    switch self {
    case .noSampleTypes: "The profile has no sample types."
    case .noSuchSampleType(let name, let known):
      "There is no sample type `\(name)`; the profile has \(known.joined(separator: ", "))."
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
