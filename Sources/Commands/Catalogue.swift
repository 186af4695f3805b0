/// Every command there is, in the order of the help page.
enum Catalogue {
  static let commands: [Command] = [
    WorkloadCommands.market, WorkloadCommands.searchOnly, WorkloadCommands.writeOnly,
    ABCommand.command, AblateCommand.command, SaturateCommand.command, RunCommand.command,
    QuickCommand.command, SweepCommand.command, MicroCommand.command,
    RecordCommand.command, SyscallsCommand.command,
    TopCommand.command, PeekCommand.command, TreeCommand.command, TracesCommand.command,
    TagsCommand.command, ListCommand.command, CallGraphCommand.command, RawCommand.command,
    FlameGraphCommand.command, CompareCommand.command, BaselineCommand.command,
    HistoryCommand.command, ReportCommand.command, TrackerCommand.command, LintCommand.command,
    ConvertCommand.command,
    DatasetCommand.command,
    DoctorCommand.command, EnvironmentCommand.command, HelpCommand.command, VersionCommand.command,
    CompletionsCommand.command,
    TrialCommand.command, LoadCommand.command, JanitorCommand.command, KillWriterCommand.command,
    RehearseCommand.command, IndexBuildJob.command, IndexSearchJob.command,
    QuickJob.command, QuickAllocationJob.command, MicroAllocationJob.command, SimulationJob.command,
  ]

  /// Commands that are designed and not built; typing one says so.
  private static let planned: Set<String> = [
    "store", "target",
  ]

  static func command(named name: String) throws(Failure) -> Command {
    if let command = commands.first(where: { $0.name == name }) { return command }
    if planned.contains(name) {
      throw .usage("vbench \(name) is planned and not in this version (\(Vbench.version)).")
    }
    let hint = Nearest.hint(name, among: commands.filter { !$0.hidden }.map(\.name))
    throw .usage("There is no command `\(name)`.\(hint)")
  }
}
