import Pprof

/// A function as the rules see it: its short name, where it lives and what it is about.
struct Symbol: Sendable {
  let name: String
  let short: String
  let layer: Layer
  let groups: SymbolGroups

  /// Whose code it is.
  ///
  /// A cost at the leaf is charged to the first `project` frame above it.
  enum Layer: Sendable {
    case kernel
    /// The C library, a language's runtime or its standard library.
    case system
    /// Our own C trampolines that tell operations apart.
    case marker
    case project
    /// A frame without a name; nobody can be charged with it.
    case unknown
  }
}

/// All functions of a run, each once.
struct SymbolTable: Sendable {
  private let patterns: FramePatterns
  private(set) var symbols: [Symbol] = []
  private var positions: [Key: Int32] = [:]

  private struct Key: Hashable {
    let name: String
    let origin: SymbolOrigin
  }

  /// Where functions were written, as far as debug information says so.
  private(set) var files: [Int32: String] = [:]

  init(patterns: FramePatterns) { self.patterns = patterns }

  subscript(_ position: Int32) -> Symbol { symbols[Int(position)] }

  mutating func note(_ symbol: Int32, file: String) {
    if !file.isEmpty, files[symbol] == nil { files[symbol] = file }
  }

  mutating func place(name: String, origin: SymbolOrigin) -> Int32 {
    let key = Key(name: name, origin: origin)
    if let known = positions[key] { return known }
    let stem = FunctionName.stem(of: name)
    var groups = patterns.groups(name: name, stem: stem)
    let layer = origin.layer(
      name: name, stem: stem, isSystem: !groups.isDisjoint(with: patterns.system),
      isKernel: !groups.isDisjoint(with: patterns.kernel))
    if layer == .system || layer == .kernel { groups.subtract(patterns.ownCodeOnly) }
    let symbol = Symbol(name: name, short: stem, layer: layer, groups: groups)
    let position = Int32(symbols.count)
    symbols.append(symbol)
    positions[key] = position
    return position
  }
}

/// What the mapping of a frame says about it.
enum SymbolOrigin: Hashable, Sendable {
  case kernel, systemLibrary, program

  init(mapping: Profile.Mapping?) {
    let file = mapping?.filename ?? ""
    let base = file.split(separator: "/").last.map(String.init) ?? file
    if base.hasPrefix("[kernel") || base.hasPrefix("[guest.kernel") || base.hasPrefix("vmlinux") {
      self = .kernel
    } else if base.hasPrefix("[vdso") || Self.systemLibraries.contains(where: base.hasPrefix) {
      self = .systemLibrary
    } else {
      self = .program
    }
  }

  /// Whose code it is, by its file and name and by the groups its name is in.
  func layer(name: String, stem: String, isSystem: Bool, isKernel: Bool) -> Symbol.Layer {
    if self == .kernel || isKernel
      || Self.kernelNames.contains(where: { $0.matches(Array(stem.utf8)) })
    {
      return .kernel
    }
    if name.hasPrefix("vb_op_") { return .marker }
    if name.isEmpty || name.hasPrefix("[") || name.contains("+0x") { return .unknown }
    if self == .systemLibrary || isSystem { return .system }
    return Self.isSystemName(stem) ? .system : .project
  }

  private static func isSystemName(_ stem: String) -> Bool {
    let bytes = Array(stem.utf8)
    if systemNames.contains(where: { $0.matches(bytes) }) { return true }
    return goStandardPackages.contains { stem.hasPrefix($0) }
  }

  private static let systemLibraries = [
    "libc.so", "libc-", "libm.so", "libm-", "libpthread", "librt.so", "libdl.so", "ld-linux",
    "libstdc++", "libc++", "libgcc_s", "libswift", "libFoundation", "lib_Foundation", "libdispatch",
    "libBlocksRuntime", "libicu", "libz.so", "libzstd", "libunwind", "libjemalloc", "libtcmalloc",
    "libvbench-heap",
  ]

  /// Names that only a kernel has, for profiles whose kernel frames carry no mapping.
  private static let kernelNames = [
    "__x64_sys_*", "__arm64_sys_*", "__ia32_sys_*", "__se_sys_*", "__do_sys_*", "do_syscall_64",
    "x64_sys_call", "entry_SYSCALL_64*", "el0_svc*", "el0t_64_sync*", "invoke_syscall", "asm_exc_*",
    "exc_page_fault", "asm_sysvec_*", "sysvec_*", "ret_from_fork*", "syscall_exit_to_user_mode",
    "__schedule", "schedule", "finish_task_switch*", "_raw_spin_*", "ksys_*", "vfs_*",
  ].map(Glob.init)

  private static let systemNames =
    [
      "swift_*", "_swift_*", "Swift.*", "Synchronization.*", "FoundationEssentials.*",
      "Foundation.*",
      "Dispatch.*", "(extension in Swift)*", "Basics.*", "std::*", "__gnu_cxx::*", "__cxa_*",
      "core::*", "alloc::*", "_start", "__libc_*", "__GI_*", "start_thread", "clone", "clone3",
      "__clone*", "main", "syscall",
      // What is left of a thunk's name is no place in anybody's source.
      "@objc*", "reabstraction*", "thunk*", "static", "static (closure)", "implicit*", "_dl_*",
      "pthread_*", "__pthread_*",
      // Made by the linker and the compiler's start files; what has no symbol of its own, such as
      // the jump table to other libraries, bears the name of the one before it.
      "_init", "_fini", "frame_dummy", "register_tm_clones", "deregister_tm_clones",
      "__do_global_dtors_aux", "__libc_csu_*", "_GLOBAL__sub_*", "call_weak_fn",
      // Parts of Go's own assembly bear no name of a package.
      "memeqbody", "cmpbody", "indexbody", "indexbytebody", "countbody", "aeshashbody", "_rt0_*",
    ].map(Glob.init)

  /// Go's own packages; a path that starts with a host or a module name is somebody's project.
  private static let goStandardPackages =
    [
      "runtime", "runtime/debug", "runtime/pprof", "internal", "sync", "sync/atomic", "syscall",
      "container/heap", "container/list", "sort", "slices", "strings", "bytes", "net", "encoding",
      "fmt", "io", "os", "bufio", "context", "reflect", "log", "time", "math", "hash", "strconv",
      "unicode", "errors", "regexp", "path", "crypto", "compress", "golang.org/x/sys", "vendor",
    ].flatMap { [$0 + ".", $0 + "/"] }
}
