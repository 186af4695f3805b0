# Two commands: `make market` and `make test`. Each says what it does, installs what is missing,
# and is quick the second time.

SHELL := /bin/bash
PREFIX ?= /usr/local
PROGRAM := .build/release/vbench
SWIFT ?= swift

.PHONY: help market test fuzz build install packages format format-check clean

help:
	@echo "make market             install what is missing, build, run the market workload"
	@echo "make test               install what is missing, build, run every test"
	@echo "make fuzz TIME=1200    every parser against damaged input, so many seconds each"
	@echo "make install PREFIX=…   put a program in place that needs no build folder"
	@echo "make format             format the sources"

market: build
	@echo "== run: vbench market"
	@$(PROGRAM) market
	@echo
	@echo "Next: $(PROGRAM) report Profiles/latest -o Reports/market.md"
	@echo "      $(PROGRAM) top Profiles/latest"
	@echo "      $(PROGRAM) flamegraph Profiles/latest -o Reports/market.html"
	@echo "      $(PROGRAM) compare Profiles/<one run> Profiles/<another>"

test: packages
	@echo "== test: the program first, because the tests run it"
	@VBENCH_STRICT=1 $(SWIFT) build -c release --product vbench --explicit-target-dependency-import-check=error
	@VBENCH_STRICT=1 $(SWIFT) build -c release --product vbench-heap
	@VBENCH_STRICT=1 $(SWIFT) test

# Not a part of `make test`: it takes as long as it is given, and a build of its own.
fuzz: packages
	@TIME=$(or $(TIME),1200) ONLY="$(ONLY)" JOBS=$(or $(JOBS),1) SWIFT=$(SWIFT) Tests/Fuzz/fuzz.sh

build: packages
	@echo "== build: release program"
	@$(SWIFT) build -c release --product vbench
	@$(SWIFT) build -c release --product vbench-heap

# The two packages of the card, and pkg-config, which tells the build where they are.
packages:
	@.ci/packages

install: packages
	@echo "== install: $(PREFIX)/bin/vbench"
	@$(SWIFT) build -c release --product vbench --static-swift-stdlib --scratch-path .build/install
	@$(SWIFT) build -c release --product vbench-heap --static-swift-stdlib --scratch-path .build/install
	@install -D -m 755 .build/install/release/vbench "$(DESTDIR)$(PREFIX)/bin/vbench"
	@install -D -m 644 .build/install/release/libvbench-heap.so \
	  "$(DESTDIR)$(PREFIX)/lib/vbench/libvbench-heap.so"

format:
	@$(SWIFT) format format --in-place --parallel --recursive Sources Tests Package.swift

format-check:
	@echo "== format"
	@$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

clean:
	@rm -rf .build
