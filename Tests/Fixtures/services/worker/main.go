// A worker keeps vectors and searches them.
//
// Its faults, on purpose: a search makes all of its scratch anew, and one lock is shared by reads,
// writes and the flush, which encodes and writes while it holds it.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"log"
	"math/rand"
	"net/http"
	"os"
	"sort"
	"sync"
	"time"

	"services/debug"
)

const dimensions = 64

type vector [dimensions]float32

type hit struct {
	ID       int       `json:"id"`
	Distance float32   `json:"distance"`
	Vector   []float32 `json:"vector"`
}

type store struct {
	mutex   sync.RWMutex
	rows    map[int]*vector
	pending int
	file    *os.File
}

// Lookup finds the nearest rows.
func (s *store) Lookup(query *vector, count int) []hit {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	hits := []*hit{}
	for id, row := range s.rows {
		copied := append([]float32{}, row[:]...)
		hits = append(hits, &hit{ID: id, Distance: distance(row, query), Vector: copied})
	}
	sort.Slice(hits, func(i, j int) bool { return hits[i].Distance < hits[j].Distance })
	nearest := make([]hit, 0, count)
	for _, found := range hits[:count] {
		nearest = append(nearest, *found)
	}
	return nearest
}

func distance(left, right *vector) float32 {
	var sum float32
	for i := range left {
		difference := left[i] - right[i]
		sum += difference * difference
	}
	return sum
}

// Insert keeps a row; every so many of them are flushed.
func (s *store) Insert(id int, row *vector) {
	s.mutex.Lock()
	s.rows[id] = row
	s.pending++
	full := s.pending >= 32
	s.mutex.Unlock()
	if full {
		s.Flush()
	}
}

// Flush writes all rows.
func (s *store) Flush() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var text bytes.Buffer
	for _, row := range s.rows {
		binary.Write(&text, binary.LittleEndian, row[:])
	}
	s.file.WriteAt(text.Bytes(), 0)
	s.file.Sync()
	s.pending = 0
}

func (s *store) search(response http.ResponseWriter, request *http.Request) {
	var query vector
	if err := json.NewDecoder(request.Body).Decode(&query); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	json.NewEncoder(response).Encode(s.Lookup(&query, 10))
}

func (s *store) insert(response http.ResponseWriter, request *http.Request) {
	row := new(vector)
	if err := json.NewDecoder(request.Body).Decode(row); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	s.Insert(rand.Intn(rowCount), row)
}

const rowCount = 2_000

func main() {
	listen := flag.String("listen", "127.0.0.1:7001", "address of the service")
	profiles := flag.String("debug", "127.0.0.1:7101", "address of /debug/pprof")
	coordinator := flag.String("coordinator", "http://127.0.0.1:7003", "who is told of life")
	path := flag.String("data", "worker.data", "where rows are flushed to")
	flag.Parse()
	debug.Serve(*profiles)
	file, err := os.Create(*path)
	if err != nil {
		log.Fatal(err)
	}
	s := &store{rows: map[int]*vector{}, file: file}
	for id := 0; id < rowCount; id++ {
		row := new(vector)
		for i := range row {
			row[i] = rand.Float32()
		}
		s.rows[id] = row
	}
	go heartbeat(*coordinator, *listen)
	server := http.NewServeMux()
	server.HandleFunc("/search", s.search)
	server.HandleFunc("/insert", s.insert)
	log.Fatal(http.ListenAndServe(*listen, server))
}

func heartbeat(coordinator, name string) {
	for range time.Tick(500 * time.Millisecond) {
		response, err := http.Post(coordinator+"/alive", "text/plain", bytes.NewBufferString(name))
		if err == nil {
			response.Body.Close()
		}
	}
}
