// Package debug lets a service be profiled over HTTP, as most Go services are.
package debug

import (
	"log"
	"net/http"
	_ "net/http/pprof"
	"runtime"
)

// Serve answers /debug/pprof on an address of its own. Every lock that was waited for is noted; of
// the other waits, those of 10 µs and more, and of the shorter ones a part.
func Serve(address string) {
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(10_000)
	go func() { log.Fatal(http.ListenAndServe(address, nil)) }()
}
