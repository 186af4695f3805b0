// swift-tools-version: 6.2
// The map of vbench: which room there is, and which may see which.
// ArchitectureTests reads the imports and holds them against the same table.

import PackageDescription

/// Every Swift target is checked the same way; CI also turns warnings into errors.
///
/// A newer compiler's new warning must not break a user's build, so that part is opt-in.
let checked: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (Context.environment["VBENCH_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// A room of the house, and how it is built.
///
/// One whose inner loops are hot is optimized in debug builds too, or half of the tests' time goes
/// there. One that only reads flags and writes sentences is not optimized at all: nobody sees the
/// difference in the program, and everybody sees it in the build.
func room(
  _ name: String, _ imports: [String] = [], isHot: Bool = false, isProse: Bool = false
) -> Target {
  .target(
    name: name, dependencies: imports.map { .init(stringLiteral: $0) },
    swiftSettings: checked
      + (isHot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])
      + (isProse ? [.unsafeFlags(["-Onone"], .when(configuration: .release))] : []))
}

/// The inner loops of a search and of made data.
///
/// Unoptimized they are ten times as slow, and half of what the tests took. Overflow and bounds are
/// checked all the same.
func kernels(_ name: String) -> Target {
  .target(name: name, cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))])
}

func wall(_ name: String, _ imports: [String] = []) -> Target {
  .target(name: name, dependencies: imports.map { .init(stringLiteral: $0) })
}

func tests(_ name: String, _ imports: [String], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: imports.map { .init(stringLiteral: $0) } + ["TestSupport"],
    exclude: exclude, swiftSettings: checked)
}

let package = Package(
  name: "vbench",
  products: [
    .executable(name: "vbench", targets: ["vbench"]),
    .library(name: "vbench-heap", type: .dynamic, targets: ["CHeapShim"]),
  ],
  targets: [
    // walls: linked
    .systemLibrary(name: "CElf", pkgConfig: "libelf", providers: [.apt(["libelf-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // CUnwind needs only the headers of libunwind-dev: it loads the library at run time, because a
    // linked libunwind would take over the C++ exceptions of this process.
    wall("CUnwind"),
    wall("CBasics"), kernels("CChecksum"), kernels("CVectorKernels"), wall("CMarkers"),
    wall("CPerfEvents"), wall("CSelfSampler"),
    // Nobody imports this one: it is preloaded into other programs, and takes over their malloc.
    // It must bring nothing along but the C library, so the linker is told to forget Swift's.
    .target(
      name: "CHeapShim",
      linkerSettings: [
        .unsafeFlags([
          "-enable-experimental-feature", "Embedded", "-nostartfiles", "-no-toolchain-stdlib-rpath",
        ])
      ]),
    // walls: found at run time
    wall("CDwarf"), wall("CZstd"), wall("CRocksDB"), wall("CPostgres"),
    // ground
    room("Vocabulary"),
    room("Basics", ["CBasics", "CChecksum", "CSelfSampler", "CZlib", "CZstd"]),
    // waist
    room("Measurement", ["Basics"]),
    room("Pprof", ["Basics"]),
    room("ForeignProfiles", ["Pprof", "Basics", "Vocabulary"]),
    room("RunRecords", ["Measurement", "Pprof", "Basics", "Vocabulary"]),
    // acts: drive
    room("StorageEngine", ["Basics", "Measurement", "Vocabulary"]),
    room(
      "VectorIndex", ["Basics", "Measurement", "Vocabulary", "CVectorKernels"], isHot: true),
    room(
      "VectorStore",
      ["VectorIndex", "StorageEngine", "Basics", "Measurement", "Vocabulary", "CMarkers"]),
    room("Workloads", ["Basics", "Vocabulary"], isHot: true),
    room(
      "Harness",
      [
        "Workloads", "VectorStore", "VectorIndex", "StorageEngine", "RunRecords", "Measurement",
        "Basics", "Vocabulary",
      ]),
    // acts: watch
    room("Rehearsals", ["VectorStore", "Basics", "Vocabulary"]),
    room(
      "Sampling",
      [
        "Pprof", "Basics", "Vocabulary", "CPerfEvents", "CUnwind", "CElf", "CDwarf",
        "CSelfSampler",
      ]),
    // acts: tell
    room("ProfileViews", ["Pprof", "Measurement"]),
    room(
      "Comparison",
      ["ProfileViews", "RunRecords", "Pprof", "Measurement", "Basics", "Vocabulary"]),
    room(
      "Findings",
      ["Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement", "Vocabulary"]),
    room(
      "Ledger", ["Findings", "Comparison", "RunRecords", "Measurement", "Basics", "Vocabulary"],
      isProse: true),
    room(
      "Reporting",
      [
        "Ledger", "Findings", "Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement",
        "Basics", "Vocabulary",
      ], isProse: true),
    // top
    room(
      "Commands",
      [
        "Harness", "Sampling", "Rehearsals", "Reporting", "Ledger", "Findings", "Comparison",
        "ProfileViews", "RunRecords", "ForeignProfiles",
        "Pprof", "Measurement", "Workloads", "VectorStore", "VectorIndex", "StorageEngine",
        "Basics", "Vocabulary", "CRocksDB", "CPostgres",
      ], isProse: true),
    .executableTarget(name: "vbench", dependencies: ["Commands"], swiftSettings: checked),
    // tests
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: checked),
    .target(
      name: "SyntheticRuns",
      dependencies: ["Findings", "RunRecords", "Pprof", "Measurement", "Vocabulary"],
      path: "Tests/SyntheticRuns", swiftSettings: checked),
    .executableTarget(
      name: "Victim", dependencies: ["Rehearsals"], path: "Tests/Victim", swiftSettings: checked),
    tests("ArchitectureTests", []),
    tests("BasicsTests", ["Basics"]),
    tests("MeasurementTests", ["Measurement", "Basics"]),
    tests("PprofTests", ["Pprof", "Basics"]),
    tests("ForeignProfilesTests", ["ForeignProfiles", "Pprof", "Basics"]),
    tests("RunRecordsTests", ["RunRecords", "Measurement", "Pprof", "Basics", "Vocabulary"]),
    tests("StorageEngineTests", ["StorageEngine", "Basics", "Vocabulary"]),
    tests("VectorIndexTests", ["VectorIndex", "CVectorKernels", "Basics", "Vocabulary"]),
    tests(
      "VectorStoreTests",
      ["VectorStore", "VectorIndex", "StorageEngine", "Basics", "Vocabulary"]),
    tests("WorkloadsTests", ["Workloads", "Basics", "Vocabulary"]),
    tests(
      "HarnessTests",
      [
        "Harness", "Workloads", "VectorStore", "VectorIndex", "StorageEngine", "RunRecords",
        "Measurement", "Basics", "Vocabulary",
      ]),
    tests("SamplingTests", ["Sampling", "Pprof", "Basics", "Vocabulary", "Victim"]),
    tests(
      "ProfileViewsTests", ["ProfileViews", "Pprof", "Measurement", "Basics"], exclude: ["Golden"]),
    tests(
      "ComparisonTests",
      ["Basics", "Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement", "Vocabulary"]),
    tests(
      "FindingsTests",
      [
        "Findings", "Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement",
        "Vocabulary", "SyntheticRuns",
      ]
    ),
    tests(
      "LedgerTests",
      [
        "Ledger", "Reporting", "Findings", "Comparison", "RunRecords", "Pprof", "Measurement",
        "Basics", "Vocabulary",
      ]),
    tests(
      "ReportingTests",
      [
        "Reporting", "Findings", "Comparison", "ProfileViews", "RunRecords", "Pprof",
        "Measurement", "Vocabulary", "SyntheticRuns",
      ], exclude: ["Golden"]),
    tests(
      "CommandsTests",
      [
        "Commands", "ForeignProfiles", "Harness", "Workloads", "Findings", "RunRecords", "Pprof",
        "Basics", "Vocabulary",
      ]),
    tests("EndToEndTests", []),
  ]
)

// Fuzzing wants every module built with coverage and the address sanitizer, so its program is a
// part of the package only when `make fuzz` asks for it.
if Context.environment["VBENCH_FUZZ"] != nil {
  package.products.append(.executable(name: "fuzz", targets: ["fuzz"]))
  package.targets += [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Sampling", "ForeignProfiles", "Reporting", "Ledger", "Findings", "ProfileViews",
        "RunRecords", "Measurement", "Workloads", "VectorStore", "VectorIndex", "StorageEngine",
        "Pprof", "Basics", "Vocabulary",
      ],
      path: "Tests/Fuzz/Driver",
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
}
