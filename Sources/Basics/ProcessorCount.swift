import Glibc

/// How many processors this process may use.
package enum ProcessorCount {
  package static var online: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
