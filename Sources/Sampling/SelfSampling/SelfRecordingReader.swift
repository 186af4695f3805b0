import Basics
import CSelfSampler
import FoundationEssentials
import Glibc

/// Reads what a process left that watched itself, walks its stacks and names them.
package enum SelfRecordingReader {
  package static func read(
    folder: String, images: ImageCache = ImageCache()
  ) throws(SamplingError) -> Recording {
    let record: SelfRecord
    let samples: [UInt8]
    do {
      let bytes = try FileSystem.contents(of: "\(folder)/\(SelfRecord.name)")
      record = try JSONDecoder().decode(SelfRecord.self, from: Data(bytes))
      samples = try FileSystem.contents(of: "\(folder)/\(SelfRecord.samplesName)")
    } catch { throw .system("The samples of the trial could not be read: \(error)") }
    return try recording(of: record, samples, images)
  }

  private static func recording(
    of record: SelfRecord, _ samples: [UInt8], _ images: ImageCache
  ) throws(SamplingError) -> Recording {
    let space = AddressSpace(maps: record.maps)
    let files = UnwindImages()
    let unwinder = try StackUnwinder(space) { files.image(of: $0, in: getpid()) }
    var table = StackTable()
    var quality = RecordingQuality()
    var cpu = CPULedger()
    for (tid, used) in record.before { cpu.begin(CPULedger.Clock(tid: tid, cpu: 0), at: used) }
    let began = Clock.threadCPU()
    SelfSamples.each(in: samples) { sample in
      let (frames, ending) = unwinder.walk(sample.record)
      quality.count(ending)
      let stack = table.place(
        StackTable.Stack(kernel: [], user: frames, isTruncated: ending == .truncated))
      cpu.add(
        stack, of: CPULedger.Clock(tid: sample.record.tid, cpu: 0), period: record.period,
        count: sample.cpuTime)
    }
    // A return address lies behind its call.
    let waits = record.stacks.map { stack in
      table.place(StackTable.Stack(kernel: [], user: stack.map { $0 &- 1 }))
    }
    var assembler = ProfileAssembler(
      table,
      RecordedNames(Symbolicator(space, images, chosen: ChosenFunctions(record.chosen))),
      roles: [.markers], threads: Threads.Table(names: record.names), period: Int64(record.period))
    quality.count(assembler.add(cpu))
    assembler.add(
      record.waits.map { wait in
        ProfileAssembler.NotedWait(
          tid: wait.thread, stack: waits[wait.stack],
          releaser: wait.releaser == 0 ? nil : waits[wait.releaser], waitClass: wait.waitClass,
          nanoseconds: Int64(clamping: wait.length))
      })
    quality.count(cpu)
    quality.recorderCPUSeconds = Double(Clock.threadCPU() - began) / 1e9
    quality.countedCPUSeconds = Double(record.countedNanoseconds) / 1e9
    quality.processCPUSeconds = Double(record.processNanoseconds) / 1e9
    quality.windowSeconds = Double(record.nanoseconds) / 1e9
    quality.lostRecords = Int(clamping: record.dropped) + record.droppedWaits
    return Recording(
      profiles: assembler.profiles(
        startNanoseconds: Int64(clamping: record.startedWall),
        durationNanoseconds: Int64(clamping: record.nanoseconds)),
      quality: quality)
  }
}

/// The raw samples, as the signal handler wrote them one behind the other.
enum SelfSamples {
  struct Sample {
    let cpuTime: UInt64
    let record: SampleRecord
  }

  /// Hands over each sample; a file that ends within one ends there.
  static func each(in bytes: [UInt8], _ body: (Sample) -> Void) {
    var reader = ByteReader(bytes)
    do throws(ByteReader.OutOfBytes) {
      while !reader.isAtEnd {
        let start = reader.offset
        let cpuTime: UInt64 = try reader.integer()
        let tid: Int32 = try reader.integer()
        let stackBytes: UInt32 = try reader.integer()
        let count: UInt32 = try reader.integer()
        let size: UInt32 = try reader.integer()
        let room = (MemoryLayout<vb_self_sample>.size - 24) / 8
        guard count <= room, Int(size) >= MemoryLayout<vb_self_sample>.size + Int(stackBytes) else {
          return
        }
        var registers: [UInt64] = []
        for index in 0..<room {
          let value: UInt64 = try reader.integer()
          if index < Int(count) { registers.append(value) }
        }
        let stack = try reader.slice(Int(stackBytes))
        body(
          Sample(
            cpuTime: cpuTime, record: SampleRecord(tid: tid, registers: registers, stack: stack)))
        try reader.skip(Int(size) - (reader.offset - start))
      }
    } catch {}
  }
}
