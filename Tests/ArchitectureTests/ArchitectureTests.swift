import Foundation
import Testing

/// The map, as the architecture page draws it: which room may import which.
///
/// Package.swift says the same to the compiler; this table is what people agreed on.
private let map: [String: Set<String>] = [
  "Vocabulary": [],
  "Basics": ["CBasics", "CZlib", "CZstd", "CSelfSampler", "CChecksum"],
  "Measurement": ["Basics"],
  "Pprof": ["Basics"],
  "ForeignProfiles": ["Pprof", "Basics", "Vocabulary"],
  "RunRecords": ["Measurement", "Pprof", "Basics", "Vocabulary"],
  "StorageEngine": ["Basics", "Measurement", "Vocabulary", "CChecksum"],
  "VectorIndex": ["Basics", "Measurement", "Vocabulary", "CVectorKernels"],
  "VectorStore": [
    "VectorIndex", "StorageEngine", "Basics", "Measurement", "Vocabulary", "CMarkers",
  ],
  "Workloads": ["Basics", "Vocabulary"],
  "Harness": [
    "Workloads", "VectorStore", "VectorIndex", "StorageEngine", "RunRecords", "Measurement",
    "Basics", "Vocabulary",
  ],
  "Sampling": [
    "Pprof", "Basics", "Vocabulary", "CPerfEvents", "CUnwind", "CElf", "CDwarf", "CSelfSampler",
  ],
  "Rehearsals": ["VectorStore", "Basics", "Vocabulary"],
  "ProfileViews": ["Pprof", "Measurement"],
  "Comparison": ["ProfileViews", "RunRecords", "Pprof", "Measurement", "Basics", "Vocabulary"],
  "Findings": ["Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement", "Vocabulary"],
  // Claims are checked by comparing again and by asking the findings again, so the ledger sees both;
  // it writes its own file, like RunRecords.
  "Ledger": ["Findings", "Comparison", "RunRecords", "Measurement", "Basics", "Vocabulary"],
  "Reporting": [
    "Ledger", "Findings", "Comparison", "ProfileViews", "RunRecords", "Pprof", "Measurement",
    "Basics", "Vocabulary",
  ],
  "Commands": [
    "Harness", "Sampling", "Rehearsals", "Reporting", "Ledger", "Findings", "Comparison",
    "ProfileViews", "RunRecords", "ForeignProfiles", "Pprof", "Measurement", "Workloads",
    "VectorStore",
    "VectorIndex", "StorageEngine", "Basics",
    "Vocabulary", "CRocksDB", "CPostgres",
  ],
  "vbench": ["Commands"],
]

/// Modules of the toolchain that a room may use without being on the map.
private let toolchain: Set<String> = [
  "Synchronization", "FoundationEssentials", "_StringProcessing",
]

/// The only rooms that talk to the C library themselves; Measurement for its mathematics.
private let mayUseGlibc: Set<String> = [
  "Basics", "Sampling", "Commands", "vbench", "Measurement", "Rehearsals",
]

/// Every file in which `unsafe` may stand.
///
/// A new name here is a decision, not a convenience.
private let unsafeFiles: Set<String> = [
  "Basics/CRC32C.swift",
  "Basics/CapturedStack.swift",
  "Basics/ChildProcess.swift",
  "Basics/Clock.swift",
  "Basics/Delivery.swift",
  "Basics/File.swift",
  "Basics/FileSystem.swift",
  "Basics/InflatingStream.swift",
  "Basics/InstrumentedCondition.swift",
  "Basics/InstrumentedLock.swift",
  "Basics/LineChannel.swift",
  "Basics/LocalTime.swift",
  "Basics/MappedFile.swift",
  "Basics/PageCache.swift",
  "Basics/ProcessCounters.swift",
  "Basics/ProcessEnvironment.swift",
  "Basics/RealPath.swift",
  "Basics/ReservedMemory.swift",
  "Basics/Semaphore.swift",
  "Basics/SharedLibrary.swift",
  "Basics/SymbolicLink.swift",
  "Basics/SystemError.swift",
  "Basics/WaitShard.swift",
  "Basics/WorkerThreads.swift",
  "Basics/Zlib.swift",
  "Commands/HeapWindow.swift",
  "Commands/Progress.swift",
  "Commands/Terminal.swift",
  "Harness/KnownAllocation.swift",
  "Rehearsals/Allocating.swift",
  "Rehearsals/Calling.swift",
  "Rehearsals/PlantedCalls.swift",
  "Rehearsals/PlantedRuntime.swift",
  "Rehearsals/Planting.swift",
  "Rehearsals/Rehearsal.swift",
  "Rehearsals/Storing.swift",
  "Rehearsals/Torture.swift",
  "Rehearsals/Touching.swift",
  "Rehearsals/Waiting.swift",
  "Sampling/Demangler.swift",
  "Sampling/DwarfFile.swift",
  "Sampling/ElfBytes.swift",
  "Sampling/ElfReader.swift",
  "Sampling/EventDescriptor.swift",
  "Sampling/EventRing.swift",
  "Sampling/HeapRefusal.swift",
  "Sampling/HeldCommand.swift",
  "Sampling/LinuxCounters.swift",
  "Sampling/RecordBytes.swift",
  "Sampling/Recorder.swift",
  "Sampling/SampleRecord.swift",
  "Sampling/SelfRecorder.swift",
  "Sampling/StackUnwinder.swift",
  "Sampling/VdsoImage.swift",
  "Sampling/XZStream.swift",
  "StorageEngine/LogRecord.swift",
  "StorageEngine/LogSegment.swift",
  "StorageEngine/Manifest.swift",
  "StorageEngine/WriteAheadLog.swift",
  "VectorIndex/CandidatePool.swift",
  "VectorIndex/DistanceKernel.swift",
  "VectorIndex/GraphFilteredSearch.swift",
  "VectorIndex/GraphIndex.swift",
  "VectorIndex/GraphInsert.swift",
  "VectorIndex/GraphInvariants.swift",
  "VectorIndex/GraphNeighbors.swift",
  "VectorIndex/GraphRemove.swift",
  "VectorIndex/GraphSearch.swift",
  "VectorIndex/GraphSnapshot.swift",
  "VectorIndex/Guarded.swift",
  "VectorIndex/IndexParts.swift",
  "VectorIndex/OperationDesk.swift",
  "VectorIndex/SearchScratch.swift",
  "VectorIndex/SlotArena.swift",
  "VectorIndex/SnapshotBlock.swift",
  "VectorIndex/VisitedNodes.swift",
  "VectorStore/Marker.swift",
  "VectorStore/SlotNames.swift",
]

struct ArchitectureTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func `no room imports what the map does not allow`() throws {
    for (room, allowed) in map {
      for file in try sources(of: room) {
        for module in imports(of: try text(file)) {
          let isAllowed =
            allowed.contains(module) || toolchain.contains(module)
            || (module == "Glibc" && mayUseGlibc.contains(room))
          #expect(isAllowed, "\(room)/\(file.lastPathComponent) imports \(module)")
        }
      }
    }
  }

  @Test func `every folder of Sources is on the map or is a wall`() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: "Sources").path)
    for folder in folders where !folder.hasPrefix("C") || map[folder] != nil {
      #expect(map[folder] != nil, "Sources/\(folder) is not on the map")
    }
  }

  @Test func `the map has no circle`() {
    var done: Set<String> = []
    var remaining = map.mapValues { $0.filter { map[$0] != nil } }
    while let next = remaining.first(where: { $0.value.isSubset(of: done) })?.key {
      done.insert(next)
      remaining[next] = nil
    }
    #expect(remaining.isEmpty, "these rooms need each other: \(remaining.keys.sorted())")
  }

  @Test func `own C targets have one header, named like the target`() throws {
    for wall in try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: "Sources").path)
    where wall.hasPrefix("C") && map[wall] == nil {
      let include = root.appending(path: "Sources/\(wall)/include")
      guard FileManager.default.fileExists(atPath: include.path) else { continue }
      let headers = try FileManager.default.contentsOfDirectory(atPath: include.path)
      #expect(headers == ["\(wall).h"], "Sources/\(wall)/include")
    }
  }

  @Test func `only Commands prints`() throws {
    for room in map.keys where room != "Commands" && room != "vbench" {
      for file in try sources(of: room) {
        let prints = lines(of: try text(file), with: "print(").contains { line in
          line.contains(/(^|[^.\w])print\(/) && !line.contains("//")
        }
        #expect(!prints, "\(room)/\(file.lastPathComponent) prints")
      }
    }
  }

  @Test func `unsafe stands only in the files that are named here, and says why`() throws {
    var seen: Set<String> = []
    for room in map.keys {
      for file in try sources(of: room) {
        let text = try text(file)
        guard codeUsesUnsafe(text) else { continue }
        let name = "\(room)/\(file.lastPathComponent)"
        seen.insert(name)
        #expect(text.contains("SAFETY:"), "\(name) uses unsafe and never says why it holds")
      }
    }
    #expect(
      seen == unsafeFiles,
      "new: \(seen.subtracting(unsafeFiles).sorted()), gone: \(unsafeFiles.subtracting(seen).sorted())"
    )
  }

  @Test func `no file names a path of somebody's machine`() throws {
    for folder in ["Sources", "Tests", "Profiles", "Reports"] {
      for file in files(under: root.appending(path: folder)) {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
        for path in ["/" + "work/", "/" + "root/", "/home/" + "user"] {
          #expect(!text.contains(path), "\(file.lastPathComponent) contains \(path)")
        }
      }
    }
  }

  // MARK: - Reading the sources

  private func codeUsesUnsafe(_ text: String) -> Bool {
    lines(of: text, with: "unsafe").contains { line in
      let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
      return code.contains(/\bunsafe\b(?!-inline)/)
    }
  }

  private func sources(of room: String) throws -> [URL] {
    let found = files(under: root.appending(path: "Sources/\(room)"))
      .filter { $0.pathExtension == "swift" }
    try #require(!found.isEmpty, "Sources/\(room) has no Swift file")
    return found
  }

  private func files(under folder: URL) -> [URL] {
    let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (walk?.allObjects as? [URL] ?? []).filter { !$0.hasDirectoryPath }
  }

  private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  /// Bytes first, because a pattern takes a thousand times as long to look at a line.
  private func lines(of text: String, with word: String) -> [Substring] {
    let wanted = Array(word.utf8)
    return Array(text.utf8).split(separator: UInt8(ascii: "\n"))
      .filter { $0.firstRange(of: wanted) != nil }
      .map { Substring(String(decoding: $0, as: UTF8.self)) }
  }

  private func imports(of text: String) -> [String] {
    lines(of: text, with: "import ").compactMap { line in
      line.firstMatch(
        of:
          /^(?:@\w+(?:\(\w+\))?\s+)*(?:package\s+|public\s+|internal\s+|private\s+)?import\s+(?:\w+\s+)?(\w+)/
      )
      .map { String($0.1) }
    }
  }
}
