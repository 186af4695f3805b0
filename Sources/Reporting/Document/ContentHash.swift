import Basics
import FoundationEssentials

/// Names the one style sheet and the one script that a page may use.
enum ContentHash {
  /// As a content security policy wants it: `sha256-` and the digest in base 64.
  static func source(_ text: String) -> String {
    var hash = SHA256()
    hash.update(text.utf8)
    return "sha256-" + Data(hash.digest()).base64EncodedString()
  }
}
