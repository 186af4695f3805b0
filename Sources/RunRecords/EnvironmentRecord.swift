/// The machine and the build behind a run: the content of `env.json`.
///
/// An unknown fact is nil, never a guess. The host's name is left out unless asked for.
package struct EnvironmentRecord: Codable, Sendable, Equatable {
  package var schema = 1
  package var processor: String?
  package var cores: Int
  package var instructionSets: [String]
  package var memoryBytes: UInt64
  package var kernel: String
  package var distribution: String?
  package var hypervisor: Bool?
  package var frequencyGovernor: String?
  package var perfEventParanoid: Int?
  package var kernelPointersRestricted: Int?
  package var user: String
  package var fileSystem: String?
  package var container: Bool?
  package var limits: [String: String]
  package var toolVersion: String
  package var compiler: String
  package var buildMode: String
  package var gitRevision: String?
  package var hostName: String?
  /// Share of CPU time stolen by the host while the run lasted, when the kernel tells.
  package var stealShare: Double?
  /// CPU seconds a second that other processes used while the run lasted.
  package var otherProcessesCPU: Double?
  /// How far equal runs lie apart here, when somebody measured it before this run.
  package var noise: NoiseRecord.Entry?
  /// What the store lay on, as `Mount.deviceName` has it; nil in runs that did not say.
  package var storeDevice: String?
  /// What that disk can do alone, when somebody measured it before this run.
  package var disk: DiskRecord.Entry?
  /// What no one could tell, in words.
  package var unknown: [String]

  package init(
    processor: String? = nil, cores: Int = 0, instructionSets: [String] = [],
    memoryBytes: UInt64 = 0, kernel: String = "", distribution: String? = nil,
    hypervisor: Bool? = nil, frequencyGovernor: String? = nil, perfEventParanoid: Int? = nil,
    kernelPointersRestricted: Int? = nil, user: String = "", fileSystem: String? = nil,
    container: Bool? = nil, limits: [String: String] = [:], toolVersion: String = "",
    compiler: String = "", buildMode: String = "", gitRevision: String? = nil,
    hostName: String? = nil, stealShare: Double? = nil, otherProcessesCPU: Double? = nil,
    unknown: [String] = []
  ) {
    self.processor = processor
    self.cores = cores
    self.instructionSets = instructionSets
    self.memoryBytes = memoryBytes
    self.kernel = kernel
    self.distribution = distribution
    self.hypervisor = hypervisor
    self.frequencyGovernor = frequencyGovernor
    self.perfEventParanoid = perfEventParanoid
    self.kernelPointersRestricted = kernelPointersRestricted
    self.user = user
    self.fileSystem = fileSystem
    self.container = container
    self.limits = limits
    self.toolVersion = toolVersion
    self.compiler = compiler
    self.buildMode = buildMode
    self.gitRevision = gitRevision
    self.hostName = hostName
    self.stealShare = stealShare
    self.otherProcessesCPU = otherProcessesCPU
    self.unknown = unknown
  }
}
