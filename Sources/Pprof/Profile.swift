/// A profile as a value: what pprof's `profile.proto` says, with indices instead of wire ids.
///
/// Everything that refers to something else does so by position in an array of this value, so a
/// profile can be copied, compared and edited without a graph of objects. `ProfileReader` checks
/// every index when it reads; code that builds a profile goes through `ProfileBuilder`.
package struct Profile: Sendable, Equatable {
  package var sampleTypes: [ValueType]
  package var samples: [Sample]
  package var mappings: [Mapping]
  package var locations: [Location]
  package var functions: [Function]
  package var defaultSampleType: String
  package var periodType: ValueType?
  package var period: Int64
  /// Wall-clock start in nanoseconds since 1970, zero when unknown.
  package var timeNanoseconds: Int64
  package var durationNanoseconds: Int64
  package var comments: [String]
  package var dropFrames: String
  package var keepFrames: String
  package var documentationURL: String

  package init(
    sampleTypes: [ValueType] = [], samples: [Sample] = [], mappings: [Mapping] = [],
    locations: [Location] = [], functions: [Function] = [], defaultSampleType: String = "",
    periodType: ValueType? = nil, period: Int64 = 0, timeNanoseconds: Int64 = 0,
    durationNanoseconds: Int64 = 0, comments: [String] = [], dropFrames: String = "",
    keepFrames: String = "", documentationURL: String = ""
  ) {
    self.sampleTypes = sampleTypes
    self.samples = samples
    self.mappings = mappings
    self.locations = locations
    self.functions = functions
    self.defaultSampleType = defaultSampleType
    self.periodType = periodType
    self.period = period
    self.timeNanoseconds = timeNanoseconds
    self.durationNanoseconds = durationNanoseconds
    self.comments = comments
    self.dropFrames = dropFrames
    self.keepFrames = keepFrames
    self.documentationURL = documentationURL
  }

  /// What one number of a sample means, such as `cpu` in `nanoseconds`.
  package struct ValueType: Sendable, Hashable {
    package var type: String
    package var unit: String

    package init(_ type: String, _ unit: String) {
      self.type = type
      self.unit = unit
    }
  }

  package struct Sample: Sendable, Equatable {
    /// Positions in `locations`, the leaf first.
    package var locations: [Int32]
    /// One number for each of `sampleTypes`.
    package var values: [Int64]
    package var labels: [Label]

    package init(locations: [Int32], values: [Int64], labels: [Label] = []) {
      self.locations = locations
      self.values = values
      self.labels = labels
    }

    /// The text of the first label with this key, if there is one.
    package func label(_ key: String) -> String? {
      for label in labels where label.key == key {
        if case .text(let text) = label.value { return text }
      }
      return nil
    }
  }

  package struct Label: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
      case text(String)
      case number(Int64, unit: String)
    }

    package var key: String
    package var value: Value

    package init(_ key: String, _ text: String) {
      self.key = key
      self.value = .text(text)
    }

    package init(_ key: String, number: Int64, unit: String = "") {
      self.key = key
      self.value = .number(number, unit: unit)
    }
  }

  package struct Mapping: Sendable, Hashable {
    package var start: UInt64
    package var limit: UInt64
    package var offset: UInt64
    package var filename: String
    package var buildID: String
    package var hasFunctions: Bool
    package var hasFilenames: Bool
    package var hasLineNumbers: Bool
    package var hasInlineFrames: Bool

    package init(
      start: UInt64, limit: UInt64, offset: UInt64, filename: String, buildID: String,
      hasFunctions: Bool = true, hasFilenames: Bool = false, hasLineNumbers: Bool = false,
      hasInlineFrames: Bool = false
    ) {
      self.start = start
      self.limit = limit
      self.offset = offset
      self.filename = filename
      self.buildID = buildID
      self.hasFunctions = hasFunctions
      self.hasFilenames = hasFilenames
      self.hasLineNumbers = hasLineNumbers
      self.hasInlineFrames = hasInlineFrames
    }
  }

  package struct Location: Sendable, Hashable {
    /// Position in `mappings`.
    package var mapping: Int32?
    package var address: UInt64
    /// The innermost inlined function first; empty when nothing is known.
    package var lines: [Line]
    package var isFolded: Bool

    package init(
      mapping: Int32? = nil, address: UInt64 = 0, lines: [Line] = [], isFolded: Bool = false
    ) {
      self.mapping = mapping
      self.address = address
      self.lines = lines
      self.isFolded = isFolded
    }
  }

  package struct Line: Sendable, Hashable {
    /// Position in `functions`.
    package var function: Int32
    package var line: Int64
    package var column: Int64

    package init(function: Int32, line: Int64 = 0, column: Int64 = 0) {
      self.function = function
      self.line = line
      self.column = column
    }
  }

  package struct Function: Sendable, Hashable {
    /// The name people read, demangled.
    package var name: String
    /// The name the linker knows.
    ///
    /// It differs from `name`, or pprof demangles a second time.
    package var systemName: String
    package var filename: String
    package var startLine: Int64

    package init(
      name: String, systemName: String = "", filename: String = "", startLine: Int64 = 0
    ) {
      self.name = name
      self.systemName = systemName
      self.filename = filename
      self.startLine = startLine
    }
  }
}
