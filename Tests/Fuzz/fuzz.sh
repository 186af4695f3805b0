#!/bin/bash
# Fuzzes every parser for TIME seconds each, with the address sanitizer, and prints a table.
#   TIME=60 ONLY="pprof elf" JOBS=2 Tests/Fuzz/fuzz.sh
# What is found beyond the committed corpus stays in .build/fuzz; a crash leaves its input there.
set -u
cd "$(dirname "$0")/../.." || exit 1
TIME=${TIME:-1200} JOBS=${JOBS:-1} SWIFT=${SWIFT:-swift}
CONFIGURATION=${CONFIGURATION:-release}
WORK=.build/fuzz PROGRAM=.build/fuzz/build/$CONFIGURATION/fuzz

# The compiler obeys the last -sanitize alone, so the one behind those of the package manager names
# both: with two words, only the driver would have been instrumented.
VBENCH_FUZZ=1 $SWIFT build -c "$CONFIGURATION" --product fuzz --scratch-path $WORK/build \
  --sanitize address --sanitize fuzzer -Xswiftc -sanitize=address,fuzzer \
  -Xcc -fsanitize=address,fuzzer-no-link -Xswiftc -enable-testing || exit 1

# Seeds that other tools wrote, or that would be a second copy.
seed() {
  local folder="$WORK/corpus/$1" file
  shift
  mkdir -p "$folder"
  for file; do
    # Behind gzip a changed byte would reach nothing but zlib.
    gzip -dc "$file" >"$folder/${file##*/}" 2>/dev/null || cp "$file" "$folder/"
  done
}
F=Tests/Fixtures/foreign
seed pprof Tests/Fixtures/go/*.pprof $F/*.pprof
seed views Tests/Fixtures/go/*.pprof $F/*.pprof Tests/Fuzz/Corpus/pprof/*
mkdir -p $WORK/corpus/gzip && cp Tests/Fixtures/go/go_block.pprof $F/go_mutex.pprof $WORK/corpus/gzip
seed sniffer $F/*.txt $F/*.heap $F/gperftools.cpu $F/perf_stat.csv
seed perf-script $F/perf_script.txt
seed perf-data $F/*.data
seed gperftools-cpu $F/gperftools.cpu
seed heap-text $F/*.heap $F/go_heap.txt
seed count-text $F/go_goroutine.txt $F/go_threadcreate.txt
seed contention-text $F/go_block.txt $F/go_mutex.txt
seed perf-stat $F/perf_stat*
seed go-benchmarks $F/go_bench.txt
seed heaptrack $F/heaptrack_print.txt
seed run-record Profiles/example/run.json
seed environment-record Profiles/example/env.json
seed latency-log Profiles/example/latency.hlog
seed responses Profiles/example/responses.json
seed counters Profiles/example*/counters.json
mkdir -p $WORK/corpus/patterns
cut -f1,2 Tests/ProfileViewsTests/Golden/patterns.txt | tr '\t' '\n' |
  split -l 2 - $WORK/corpus/patterns/
# What the build has just made, for nobody guesses the head of a program.
for parser in elf dwarf; do seed $parser $(find $WORK/build/ -path '*/C*.build/*.o' -size -60k); done
# Without a checksum of the data, a changed byte is not refused before it is unpacked.
mkdir -p $WORK/corpus/gnu-debugdata
for file in $(command -v xz >/dev/null && find $WORK/build/ -path '*/C*.build/*.o' -size -60k); do
  xz --check=none -c "$file" >"$WORK/corpus/gnu-debugdata/${file##*/}.xz"
done
seed rules Tests/Fixtures/our.rules
seed targets Reports/example-targets.txt
seed tracker Reports/tracker.txt
# A whole report takes half a second, a piece of one a hundredth.
mkdir -p $WORK/corpus/claims
cat Reports/example*.md Reports/TRACKER.md | split -l 30 - $WORK/corpus/claims/

# An input has a minute, by the clock on the wall: at the lowest priority beside a build, ten seconds
# passed over inputs that take a fifth of one.
fuzz() {
  mkdir -p "$WORK/corpus/$1" "$WORK/log" "Tests/Fuzz/Corpus/$1"
  # Beside other work, seconds by the clock are not what a parser had.
  local TIMEFORMAT=%U
  { time ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 SWIFT_BACKTRACE=enable=no \
    nice -n 19 $PROGRAM "$1" \
    -max_total_time="$TIME" -timeout=60 -rss_limit_mb=1500 -malloc_limit_mb=1000 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$WORK/$1-" \
    "$WORK/corpus/$1" "Tests/Fuzz/Corpus/$1" >"$WORK/log/$1" 2>&1 </dev/null; } 2>"$WORK/log/$1.cpu"
  local status=$?
  rmdir "Tests/Fuzz/Corpus/$1" 2>/dev/null
  row "$1" $status
  # Whatever it was, the next parser has its turn.
  return $((status != 0))
}

# What libFuzzer said last of a number: `cov: 1234`, or `stat::peak_rss_mb: 56`.
said() { grep -a "$2" "$WORK/log/$1" | tail -1 | sed -n "s/.*$2 *\([0-9]*\).*/\1/p"; }

row() {
  local words=fine log="$WORK/log/$1"
  [ "$2" = 0 ] || words="FAILED, see $log"
  printf '%-20s %5s %8s %10s %8s %8s %8s %6s  %s\n' "$1" "$TIME" "$(cat "$log.cpu")" \
    "$(said "$1" 'stat::number_of_executed_units:')" \
    "$(grep -a -m1 -o '([0-9]* inline' "$log" | grep -o '[0-9]*')" \
    "$(grep -a -m1 -o 'cov: [0-9]*' "$log" | grep -o '[0-9]*')" "$(said "$1" 'cov:')" \
    "$(said "$1" 'stat::peak_rss_mb:')" "$words"
}
export -f fuzz row said
export TIME WORK PROGRAM
mkdir -p $WORK
printf '%-20s %5s %8s %10s %8s %8s %8s %6s\n' parser secs cpu runs places at-first at-last MB
printf '%s\n' ${ONLY:-$($PROGRAM list)} | xargs -P "$JOBS" -I{} bash -c 'fuzz {}'
