/// What of a machine must be equal for numbers to be of one kind: a new one starts a new series.
package struct EnvironmentClass: Codable, Sendable, Hashable {
  package var processor: String
  package var cores: Int
  /// To a tenth of a GiB: firmware takes a few pages more or less from boot to boot.
  package var memoryTenthsOfGiB: Int
  package var fileSystem: String
  package var frequencyGovernor: String
  package var buildMode: String

  package init(_ environment: EnvironmentRecord) {
    processor = environment.processor ?? "unknown"
    cores = environment.cores
    memoryTenthsOfGiB = Int((Double(environment.memoryBytes) / Double(1 << 30) * 10).rounded())
    fileSystem = environment.fileSystem ?? "unknown"
    frequencyGovernor = environment.frequencyGovernor ?? "unknown"
    buildMode = environment.buildMode
  }

  /// In one line, for a heading.
  package var text: String {
    "\(processor), \(cores) cores, \(memoryTenthsOfGiB / 10).\(memoryTenthsOfGiB % 10) GiB, "
      + "\(fileSystem), \(buildMode)"
  }
}
