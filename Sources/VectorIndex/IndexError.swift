package import Basics

/// What an index refuses to do, or cannot.
package enum IndexError: Error, Equatable, CustomStringConvertible {
  case optionOutOfRange(name: String, value: Int, range: ClosedRange<Int>)
  case kernelUnavailable(KernelChoice)
  case dimensionMismatch(expected: Int, found: Int)
  case notFinite(component: Int)
  case full(slots: Int)
  case system(SystemError)
  case snapshotDamaged(path: String, offset: Int, reason: String)
  case snapshotMismatch(path: String, field: String, expected: String, found: String)

  package var description: String {
    switch self {
    case .optionOutOfRange(let name, let value, let range):
      "The index option \(name) is \(value); choose one from \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .kernelUnavailable(let choice):
      "This processor has no \(choice.rawValue) distance kernel; choose automatic."
    case .dimensionMismatch(let expected, let found):
      "A vector has \(found) components where the index has \(expected); give it vectors of that "
        + "length."
    case .notFinite(let component):
      "Component \(component) of a vector is not a finite number; clean the data first."
    case .full(let slots):
      "The index holds \(slots) vectors and has no addresses for more; delete some or split it."
    case .system(let error):
      "The index could not get what it needs from the system: \(error)."
    case .snapshotDamaged(let path, let offset, let reason):
      "The index snapshot \(path) is damaged at byte \(offset): \(reason). Rebuild the index from "
        + "the stored vectors."
    case .snapshotMismatch(let path, let field, let expected, let found):
      "The index snapshot \(path) was written with \(field) \(found), not \(expected); open it with "
        + "the options it was made with, or rebuild."
    }
  }
}
