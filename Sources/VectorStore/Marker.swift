import CMarkers
package import Vocabulary

/// Puts the name of an operation on the stack, where every profiler can see it.
///
/// The body runs inside a C function called `vb_op_search`, `vb_op_insert` and so on, so a sample
/// taken in it belongs to that operation. The outermost marker on a stack counts.
package enum Marker {
  package static func run<Result, Failure: Error>(
    _ kind: OperationKind, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    withoutActuallyEscaping({ outcome = Swift.Result(catching: body) }) { call in
      var call: () -> Void = call
      // SAFETY: the trampoline calls back once, before it returns, with the pointer to a local
      // that lives until then.
      unsafe withUnsafeMutablePointer(to: &call) { context in
        unsafe trampoline(kind)(
          { context in
            unsafe context?.assumingMemoryBound(to: (() -> Void).self).pointee()
          }, context)
      }
    }
    guard let outcome else { preconditionFailure("a marker always runs its body") }
    return try outcome.get()
  }

  private static func trampoline(
    _ kind: OperationKind
  ) -> @convention(c) (vb_op_body, UnsafeMutableRawPointer?) -> Void {
    switch kind {
    case .search: unsafe vb_op_search
    case .get: unsafe vb_op_get
    case .insert: unsafe vb_op_insert
    case .upsert: unsafe vb_op_upsert
    case .delete: unsafe vb_op_delete
    case .flush: unsafe vb_op_flush
    case .compact: unsafe vb_op_compact
    case .background: unsafe vb_op_background
    }
  }
}
