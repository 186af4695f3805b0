/// The program: one call that parses, runs and answers with an exit status.
package enum Vbench {
  package static func run(arguments: [String]) -> Int32 { 0 }
}
