#!/bin/bash
# Fuzzes every parser for TIME seconds each, two at a time, with the address sanitizer.
#   TIME=60 ONLY="pprof elf" JOBS=2 Tests/Fuzz/fuzz.sh
# What is found beyond the committed corpus stays in .build/fuzz; a crash leaves its input there.
set -u
cd "$(dirname "$0")/../.." || exit 1
TIME=${TIME:-1200} JOBS=${JOBS:-2} SWIFT=${SWIFT:-swift}
CONFIGURATION=${CONFIGURATION:-release}
WORK=.build/fuzz PROGRAM=.build/fuzz/build/$CONFIGURATION/fuzz

VBENCH_FUZZ=1 $SWIFT build -c "$CONFIGURATION" --product fuzz --scratch-path $WORK/build \
  --sanitize address --sanitize fuzzer -Xswiftc -enable-testing || exit 1

# Seeds that other tools wrote, or that would be a second copy.
seed() {
  local folder="$WORK/corpus/$1"
  shift
  mkdir -p "$folder"
  cp "$@" "$folder/"
}
F=Tests/Fixtures/foreign
seed gzip Tests/Fixtures/go/go_block.pprof $F/go_mutex.pprof
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

fuzz() {
  mkdir -p "$WORK/corpus/$1" "$WORK/log" "Tests/Fuzz/Corpus/$1"
  ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 nice -n 19 $PROGRAM "$1" \
    -max_total_time="$TIME" -timeout=10 -rss_limit_mb=1500 -malloc_limit_mb=1000 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$WORK/$1-" \
    "$WORK/corpus/$1" "Tests/Fuzz/Corpus/$1" >"$WORK/log/$1" 2>&1
  local status=$?
  local runs coverage
  runs=$(grep -a 'stat::average_exec_per_sec' "$WORK/log/$1" | grep -o '[0-9]*$')
  coverage=$(grep -a 'cov:' "$WORK/log/$1" | tail -1 | grep -o 'cov: [0-9]*' | grep -o '[0-9]*')
  printf '%-20s %s s  %8s runs a second  %6s places covered  %s\n' "$1" "$TIME" "${runs:-?}" \
    "${coverage:-?}" "$([ $status = 0 ] && echo fine || echo "FAILED, see $WORK/log/$1")"
  return $status
}
export -f fuzz
export TIME WORK PROGRAM
mkdir -p $WORK
printf '%s\n' ${ONLY:-$($PROGRAM list)} | xargs -P "$JOBS" -I{} bash -c 'fuzz {}'
