import Glibc
import Commands

exit(Vbench.run(arguments: Array(CommandLine.arguments.dropFirst())))
