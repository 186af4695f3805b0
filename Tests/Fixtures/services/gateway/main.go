// The gateway takes requests and hands each to one of the workers.
//
// Its fault, on purpose: every request is logged through one lock, and the line is encoded, written
// and synced while the lock is held.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"services/debug"
)

// A requestLog is shared by all requests.
type requestLog struct {
	mutex sync.Mutex
	file  *os.File
	lines int
}

func (l *requestLog) record(path string, header http.Header, body []byte, took time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.lines++
	fields, _ := json.Marshal(map[string]any{
		"line": l.lines, "path": path, "header": header, "body": string(body), "took": took.String(),
	})
	fmt.Fprintf(l.file, "%s %s\n", time.Now().Format(time.RFC3339Nano), fields)
	l.file.Sync()
}

type gateway struct {
	workers []string
	next    uint64
	client  *http.Client
	log     *requestLog
}

func (g *gateway) handle(response http.ResponseWriter, request *http.Request) {
	began := time.Now()
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := g.forward(request.URL.Path, body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadGateway)
		return
	}
	g.log.record(request.URL.Path, request.Header, body, time.Since(began))
	response.Write(answer)
}

func (g *gateway) forward(path string, body []byte) ([]byte, error) {
	worker := g.workers[atomic.AddUint64(&g.next, 1)%uint64(len(g.workers))]
	response, err := g.client.Post(worker+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func main() {
	listen := flag.String("listen", "127.0.0.1:7000", "address of the service")
	profiles := flag.String("debug", "127.0.0.1:7100", "address of /debug/pprof")
	workers := flag.String("workers", "http://127.0.0.1:7001,http://127.0.0.1:7002", "the workers")
	path := flag.String("log", "gateway.log", "where requests are logged")
	flag.Parse()
	debug.Serve(*profiles)
	file, err := os.Create(*path)
	if err != nil {
		log.Fatal(err)
	}
	g := &gateway{
		workers: strings.Split(*workers, ","),
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		log:     &requestLog{file: file},
	}
	server := http.NewServeMux()
	server.HandleFunc("/", g.handle)
	log.Fatal(http.ListenAndServe(*listen, server))
}
