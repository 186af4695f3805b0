import FoundationEssentials
package import Pprof

/// Writes a profile as a speedscope file: a list for each sample type, to be chosen in its menu.
package enum SpeedscopeWriter {
  package static func encode(_ profile: Profile, name: String) throws -> [UInt8] {
    var frames: [SpeedscopeFile.Frame] = []
    var numbers: [SpeedscopeFile.Frame: Int32] = [:]
    let stacks = profile.samples.map { sample in
      sample.locations.reversed().flatMap { location in
        profile.frames(at: location).map { frame in
          if let known = numbers[frame] { return known }
          frames.append(frame)
          numbers[frame] = Int32(frames.count - 1)
          return Int32(frames.count - 1)
        }
      }
    }
    let parts = profile.sampleTypes.indices.map { index in
      let type = profile.sampleTypes[index]
      let chosen = profile.samples.indices.filter { profile.samples[$0].values[index] > 0 }
      let weights = chosen.map { Double(profile.samples[$0].values[index]) }
      return SpeedscopeFile.Part(
        type: "sampled", name: "\(name): \(type.type)", unit: unit(type.unit), startValue: 0,
        endValue: weights.reduce(0, +), samples: chosen.map { stacks[$0] }, weights: weights)
    }
    let standard = profile.sampleTypes.firstIndex { $0.type == profile.defaultSampleType }
    let file = SpeedscopeFile(
      schema: SpeedscopeFile.schema, name: name, exporter: SpeedscopeFile.ourExporter,
      activeProfileIndex: standard ?? max(0, profile.sampleTypes.count - 1),
      shared: .init(frames: frames), profiles: parts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(file)) + [UInt8(ascii: "\n")]
  }

  private static func unit(_ unit: String) -> String {
    let known = ["nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"]
    return known.contains(unit) ? unit : "none"
  }
}

extension Profile {
  /// The functions at a location from the outermost in; its address where nothing is known.
  fileprivate func frames(at location: Int32) -> [SpeedscopeFile.Frame] {
    let place = locations[Int(location)]
    if place.lines.isEmpty { return [.init(name: "0x\(String(place.address, radix: 16))")] }
    return place.lines.reversed().map { line in
      let function = functions[Int(line.function)]
      return .init(
        name: function.name, file: function.filename.isEmpty ? nil : function.filename,
        line: line.line > 0 ? Int(line.line) : nil)
    }
  }
}
