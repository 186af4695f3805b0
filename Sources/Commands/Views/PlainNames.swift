import Pprof
import Sampling

/// Names as people wrote them, for a profile whose writer left the linker's.
///
/// Like pprof, it takes a name apart only where the profile gives nothing else for it.
enum PlainNames {
  static func of(_ profile: Profile) -> Profile {
    let mangled = profile.functions.indices.filter { index in
      let function = profile.functions[index]
      return function.systemName == function.name
        && ["_Z", "_R", "$s"].contains(where: function.name.hasPrefix)
    }
    if mangled.isEmpty { return profile }
    var profile = profile
    let demangler = Demangler()
    for index in mangled {
      profile.functions[index].name = demangler.name(profile.functions[index].name)
    }
    return profile
  }
}
