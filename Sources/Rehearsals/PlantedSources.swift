/// Programs in other languages, as text: they are built where there is a compiler for them.
package enum PlantedSources {
  /// `plants MODE PERMILLE MILLISECONDS FOLDER`: writes the profiles of Go's own profiler into the
  /// folder, and says what the fault took.
  package static let go = #"""
    package main

    import (
    	"container/heap"
    	"fmt"
    	"log"
    	"os"
    	"runtime"
    	"runtime/debug"
    	"runtime/pprof"
    	"strconv"
    	"strings"
    	"sync"
    	"syscall"
    	"time"
    )

    var result uint64
    var kept [64][]byte

    //go:noinline
    func compute(steps int) uint64 {
    	n := uint64(steps) | 1
    	for i := 0; i < steps; i++ {
    		n = n*6364136223846793005 + 1
    	}
    	return n
    }

    func cpu() int64 {
    	var u syscall.Rusage
    	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
    	return u.Utime.Nano() + u.Stime.Nano()
    }

    // mixed does honest work and the fault in turns.
    func mixed(share float64, length int64, fault func()) {
    	var planted, rest int64
    	began := cpu()
    	for planted+rest < length {
    		start := cpu()
    		if float64(planted) < share*float64(planted+rest) {
    			for n := 0; n < 8; n++ {
    				fault()
    			}
    			planted += cpu() - start
    		} else {
    			// Turns of uneven length, and longer than the kernel's ticks: others fall into step with
    			// Go's profiler on a busy machine, which then sees half of the fault.
    			result += compute(8000000 + int(result>>40)%24000000)
    			rest += cpu() - start
    		}
    	}
    	fmt.Printf("done plant=%d whole=%d\n", planted, cpu()-began)
    }

    func allocate() {
    	for i := 0; i < 5000; i++ {
    		kept[i%64] = make([]byte, 300+i%200)
    	}
    }

    // Pointers: a number would be boxed by whoever hands it over, which is no work of the heap.
    type candidate struct{ distance int }
    type candidates []*candidate

    func (c candidates) Len() int           { return len(c) }
    func (c candidates) Less(i, j int) bool { return c[i].distance < c[j].distance }
    func (c candidates) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
    func (c *candidates) Push(x any)        { *c = append(*c, x.(*candidate)) }
    func (c *candidates) Pop() any {
    	last := (*c)[len(*c)-1]
    	*c = (*c)[:len(*c)-1]
    	return last
    }

    type nowhere struct{}

    func (nowhere) Write(line []byte) (int, error) { return len(line), nil }

    // slow is a disk or a terminal: it takes its time while the logger's lock is held. Long enough
    // that to be woken, some tenths of a millisecond that no lock takes, is little of each wait.
    type slow struct{ taken time.Duration }

    func (s *slow) Write(line []byte) (int, error) {
    	start := time.Now()
    	time.Sleep(30 * time.Millisecond)
    	s.taken += time.Since(start)
    	return len(line), nil
    }

    //go:noinline
    func serveRequest(logger *log.Logger, number int) time.Duration {
    	start := time.Now()
    	logger.Printf("request %d took %d", number, number*7)
    	return time.Since(start)
    }

    func loggingLock(length time.Duration) {
    	writer := &slow{}
    	logger := log.New(writer, "", 0)
    	var all [2]time.Duration
    	var group sync.WaitGroup
    	began := time.Now()
    	for g := 0; g < 2; g++ {
    		group.Add(1)
    		go func(g int) {
    			for n := 0; time.Since(began) < length; n++ {
    				all[g] += serveRequest(logger, n)
    			}
    			group.Done()
    		}(g)
    	}
    	group.Wait()
    	waited := all[0] + all[1] - writer.taken
    	fmt.Printf("done plant=%d whole=%d\n", waited.Nanoseconds(), time.Since(began).Nanoseconds())
    }

    //go:noinline
    func runLoop(work chan int, quit chan bool) {
    	for {
    		select {
    		case <-work:
    		case <-quit:
    			return
    		}
    	}
    }

    func idle(length time.Duration) {
    	work, quit := make(chan int), make(chan bool)
    	for g := 0; g < 4; g++ {
    		go runLoop(work, quit)
    	}
    	for n := 0; n < 40; n++ {
    		time.Sleep(length / 40)
    		work <- n
    	}
    	for g := 0; g < 4; g++ {
    		quit <- true
    	}
    	time.Sleep(time.Millisecond)
    	fmt.Printf("done plant=1000 whole=1000\n")
    }

    func main() {
    	permille, _ := strconv.Atoi(os.Args[2])
    	milliseconds, _ := strconv.Atoi(os.Args[3])
    	share, length := float64(permille)/1000, time.Duration(milliseconds)*time.Millisecond
    	runtime.SetMutexProfileFraction(1)
    	runtime.SetBlockProfileRate(1)
    	file := func(kind string) *os.File {
    		f, err := os.Create(os.Args[4] + "/plant_" + kind + ".pprof")
    		if err != nil {
    			panic(err)
    		}
    		return f
    	}
    	// Below the kernel's ticks, which are 250 a second at least: a profile at more than that says
    	// of each sample that it stands for less than it does. The complaint on standard error, that it
    	// comes too early, is that of the second call, inside StartCPUProfile.
    	runtime.SetCPUProfileRate(200)
    	profile := file("cpu")
    	pprof.StartCPUProfile(profile)
    	switch os.Args[1] {
    	case "none":
    		mixed(0, length.Nanoseconds(), func() {})
    	case "alloc":
    		// What the collector costs is a fault of its own.
    		debug.SetGCPercent(5000)
    		mixed(share, length.Nanoseconds(), allocate)
    	case "map":
    		table := map[string]int{}
    		var keys []string
    		for i := 0; i < 1000; i++ {
    			keys = append(keys, strings.Repeat("key", 300)+strconv.Itoa(i))
    			table[keys[i]] = i
    		}
    		mixed(share, length.Nanoseconds(), func() {
    			for i := 0; i < 20000; i++ {
    				result += uint64(table[keys[i%1000]])
    			}
    		})
    	case "heap":
    		queue := &candidates{}
    		for i := 0; i < 200; i++ {
    			heap.Push(queue, &candidate{i})
    		}
    		n := 1
    		mixed(share, length.Nanoseconds(), func() {
    			for i := 0; i < 5000; i++ {
    				n = (n*48271 + 11) % 2147483647
    				best := heap.Pop(queue).(*candidate)
    				best.distance = n
    				heap.Push(queue, best)
    			}
    		})
    	case "log":
    		logger := log.New(nowhere{}, "", log.LstdFlags)
    		// Boxed once: to box them for each line is work of the caller.
    		words := []any{1234, 176.25}
    		mixed(share, length.Nanoseconds(), func() {
    			for i := 0; i < 2000; i++ {
    				logger.Printf("request %d took %f", words...)
    			}
    		})
    	case "lock":
    		loggingLock(length)
    	case "idle":
    		idle(length)
    	}
    	pprof.StopCPUProfile()
    	profile.Close()
    	for _, kind := range []string{"mutex", "block"} {
    		f := file(kind)
    		pprof.Lookup(kind).WriteTo(f, 0)
    		f.Close()
    	}
    }

    """#

  /// `plants PERMILLE MILLISECONDS FOLDER`: calls into C, for which Go needs a C compiler.
  package static let goWithC = #"""
    package main

    // static int add(int a, int b) { return a + b; }
    import "C"

    import (
    	"fmt"
    	"os"
    	"runtime"
    	"runtime/pprof"
    	"strconv"
    	"syscall"
    )

    var result uint64

    //go:noinline
    func compute(steps int) uint64 {
    	n := uint64(steps) | 1
    	for i := 0; i < steps; i++ {
    		n = n*6364136223846793005 + 1
    	}
    	return n
    }

    func cpu() int64 {
    	var u syscall.Rusage
    	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
    	return u.Utime.Nano() + u.Stime.Nano()
    }

    //go:noinline
    func callOften() {
    	for i := 0; i < 10000; i++ {
    		result += uint64(C.add(C.int(i), 1))
    	}
    }

    func main() {
    	permille, _ := strconv.Atoi(os.Args[1])
    	milliseconds, _ := strconv.Atoi(os.Args[2])
    	share, length := float64(permille)/1000, int64(milliseconds)*1000000
    	runtime.SetCPUProfileRate(200)
    	profile, err := os.Create(os.Args[3] + "/plant_cpu.pprof")
    	if err != nil {
    		panic(err)
    	}
    	pprof.StartCPUProfile(profile)
    	var planted, rest int64
    	began := cpu()
    	for planted+rest < length {
    		start := cpu()
    		if float64(planted) < share*float64(planted+rest) {
    			for n := 0; n < 8; n++ {
    				callOften()
    			}
    			planted += cpu() - start
    		} else {
    			// Turns of uneven length, and longer than the kernel's ticks: others fall into step with
    			// Go's profiler on a busy machine, which then sees half of the fault.
    			result += compute(8000000 + int(result>>40)%24000000)
    			rest += cpu() - start
    		}
    	}
    	fmt.Printf("done plant=%d whole=%d\n", planted, cpu()-began)
    	pprof.StopCPUProfile()
    	profile.Close()
    }

    """#

  /// A program in C that does nothing but its work, for so many milliseconds of CPU.
  package static let cleanC = #"""
    #include <stdio.h>
    #include <stdlib.h>
    #include <time.h>

    static volatile unsigned long result;

    __attribute__((noinline)) static unsigned long compute(int steps) {
      unsigned long n = steps | 1;
      for (int i = 0; i < steps; i++) n = n * 6364136223846793005ul + 1;
      return n;
    }

    int main(int count, char **words) {
      clock_t end = (clock_t)atol(words[1]) * (CLOCKS_PER_SEC / 1000);
      while (clock() < end) result += compute(200000);
      printf("done plant=0 whole=%ld\n", (long)clock() * (1000000000l / CLOCKS_PER_SEC));
      return 0;
    }

    """#
}
