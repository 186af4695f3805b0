import CBasics
import Glibc

/// Ties a child's life to its parent's.
package enum ParentWatch {
  /// Has the kernel kill this process when its parent dies.
  package static func dieWithParent() { vb_die_with_parent() }

  package static var parent: Int32 { getppid() }

  package static var own: Int32 { getpid() }
}
