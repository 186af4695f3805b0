import Harness

/// `vbench __simulated PLAN`: a fixed number of calls, in the process that is counted.
enum SimulationJob {
  static let name = "__simulated"

  static let command = JobCommand.make(name, "Makes a fixed number of calls.") {
    (plan: CountedLoop.Plan) -> CountedLoop.Outcome in try CountedLoop(plan).run()
  }
}
