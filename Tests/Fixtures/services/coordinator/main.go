// The coordinator knows which workers are alive; it has next to nothing to do.
package main

import (
	"flag"
	"io"
	"log"
	"net/http"
	"time"

	"services/debug"
)

type coordinator struct {
	alive   chan string
	changes chan string
}

// watch notes who is alive, and tells of those who fell silent.
func (c *coordinator) watch() {
	seen := map[string]time.Time{}
	tick := time.NewTicker(250 * time.Millisecond)
	for {
		select {
		case name := <-c.alive:
			if _, known := seen[name]; !known {
				c.changes <- name + " came"
			}
			seen[name] = time.Now()
		case now := <-tick.C:
			for name, last := range seen {
				if now.Sub(last) > 5*time.Second {
					delete(seen, name)
					c.changes <- name + " went"
				}
			}
		}
	}
}

// publish would tell others of what changed.
func (c *coordinator) publish() {
	for change := range c.changes {
		log.Print(change)
	}
}

func (c *coordinator) handle(response http.ResponseWriter, request *http.Request) {
	name, _ := io.ReadAll(request.Body)
	c.alive <- string(name)
}

func main() {
	listen := flag.String("listen", "127.0.0.1:7003", "address of the service")
	profiles := flag.String("debug", "127.0.0.1:7103", "address of /debug/pprof")
	flag.Parse()
	debug.Serve(*profiles)
	c := &coordinator{alive: make(chan string), changes: make(chan string)}
	go c.watch()
	go c.publish()
	server := http.NewServeMux()
	server.HandleFunc("/alive", c.handle)
	log.Fatal(http.ListenAndServe(*listen, server))
}
