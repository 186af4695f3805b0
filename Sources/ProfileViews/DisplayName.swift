import Pprof

/// The name that pprof shows for a function.
///
/// A name that was demangled already stays. One that still equals the linker's name, and looks like
/// C++, loses its parameters and then its template arguments, because pprof does that too.
enum DisplayName {
  static func of(_ function: Profile.Function) -> String {
    let name = function.name
    if !name.isEmpty, name != function.systemName { return name }
    let system = function.systemName
    guard looksLikeCPlusPlus(system) else { return system.isEmpty ? name : system }
    let letters = removing("(", ")", from: Array(system.utf8))
    return String(decoding: removing("<", ">", from: letters), as: UTF8.self)
  }

  /// The profile under the names that are shown: filters look for these and not for others.
  static func applied(to owned: consuming Profile) -> Profile {
    var profile = owned
    for index in profile.functions.indices {
      let function = profile.functions[index]
      if !function.name.isEmpty, function.name != function.systemName { continue }
      profile.functions[index].name = of(function)
    }
    return profile
  }

  /// Java's `Type.<init>` and Go's `(*Type[...]).Method` have the marks of C++ and are not.
  ///
  /// By bytes and in one pass: a search for a text in a text took a third of `vbench top`.
  private static func looksLikeCPlusPlus(_ name: String) -> Bool {
    var (before, beforeThat): (UInt8, UInt8) = (0, 0)
    var isMarked = false
    for letter in name.utf8 {
      switch letter {
      case UInt8(ascii: "<"):
        if before == UInt8(ascii: ".") { return false }
        isMarked = true
      case UInt8(ascii: "."):
        if before == UInt8(ascii: ")"), beforeThat == UInt8(ascii: "]") { return false }
      case UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"): isMarked = true
      case UInt8(ascii: ":"): isMarked = isMarked || before == letter
      default: break
      }
      (beforeThat, before) = (before, letter)
    }
    return isMarked
  }

  /// The text without what stands between matching marks; it stays as it is from a closing mark
  /// on that nothing opened, and from an opening one that nothing closes.
  private static func removing(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, from name: [UInt8]
  ) -> [UInt8] {
    var (result, held): ([UInt8], [UInt8]) = ([], [])
    var depth = 0
    for (position, letter) in name.enumerated() {
      if letter == UInt8(ascii: close) {
        if depth == 0 { return result + name[position...] }
        depth -= 1
        if depth == 0 { held = [] } else { held.append(letter) }
        continue
      }
      if letter == UInt8(ascii: open) { depth += 1 }
      if depth > 0 { held.append(letter) } else { result.append(letter) }
    }
    return result + held
  }
}
