import CBasics

/// Ctrl-C, counted: once means stop and keep what there is, twice means stop at once.
package enum Interrupts {
  /// Turns SIGINT and SIGTERM from fatal into counted.
  package static func startCounting() { vb_count_interrupts() }

  package static var count: Int { Int(vb_interrupts()) }
}
