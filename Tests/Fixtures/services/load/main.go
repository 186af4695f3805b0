// The load: clients that ask the gateway for searches and inserts as fast as it answers, while the
// profiles of all services are fetched over one window.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

func main() {
	target := flag.String("target", "http://127.0.0.1:7000", "the gateway")
	services := flag.String("services",
		"gateway=127.0.0.1:7100,worker1=127.0.0.1:7101,worker2=127.0.0.1:7102,coordinator=127.0.0.1:7103",
		"role=address of /debug/pprof")
	clients := flag.Int("clients", 16, "how many ask at once")
	seconds := flag.Int("seconds", 20, "length of the profiles")
	folder := flag.String("out", "profiles", "where they go")
	flag.Parse()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	stop := make(chan bool)
	var done sync.WaitGroup
	counts := make([]int, *clients)
	for number := range counts {
		done.Add(1)
		go func(number int) {
			defer done.Done()
			ask(client, *target, rand.New(rand.NewSource(int64(number))), stop, &counts[number])
		}(number)
	}
	time.Sleep(2 * time.Second)
	collect(strings.Split(*services, ","), *seconds, *folder)
	close(stop)
	done.Wait()
	total := 0
	for _, count := range counts {
		total += count
	}
	fmt.Println(total, "requests in about", *seconds+2, "s")
}

func ask(client *http.Client, target string, random *rand.Rand, stop chan bool, count *int) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		path := "/search"
		if random.Intn(10) == 0 {
			path = "/insert"
		}
		vector := make([]float32, 64)
		for i := range vector {
			vector[i] = random.Float32()
		}
		body, _ := json.Marshal(vector)
		response, err := client.Post(target+path, "application/json", bytes.NewReader(body))
		if err != nil {
			log.Print(err)
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		*count++
	}
}

// collect fetches all profiles at once, so that all speak of the same time.
func collect(services []string, seconds int, folder string) {
	kinds := map[string]string{"cpu": "profile", "mutex": "mutex", "block": "block", "heap": "heap"}
	var done sync.WaitGroup
	for _, service := range services {
		role, address, _ := strings.Cut(service, "=")
		for kind, page := range kinds {
			done.Add(1)
			go func(kind, page string) {
				defer done.Done()
				url := fmt.Sprintf("http://%s/debug/pprof/%s?seconds=%d", address, page, seconds)
				if err := fetch(url, filepath.Join(folder, role+"_"+kind+".pprof")); err != nil {
					log.Fatal(err)
				}
			}(kind, page)
		}
	}
	done.Wait()
}

func fetch(url, path string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	bytes, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %v", url, response.Status, err)
	}
	return os.WriteFile(path, bytes, 0o644)
}
