# What there is to do with this repository. `make` alone lists it.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Where CI sets CI=true, the tests run with the race detector. What go test itself would have go vet look at, make vet has.
ifeq ($(CI),true)
GOTESTFLAGS ?= -race -vet=off
endif
GOTESTFLAGS ?=
# The tests that go without the race detector alone: pages in a browser, and people by the hundred.
UNRACED := InABrowser$$|^TestACountIsWhatTheRunAsks$$
# How long `make fuzz` stays with each target.
FUZZTIME ?= 30s
# What `make chaos` runs: kills, the seed of its faults, customers, and the shape of Redis: single, cluster, sentinel.
KILLS  ?= 500
SEED   := $(or $(SEED),$(shell date +%s))
PEOPLE ?= 120
SHAPE  ?= single
# How long `make soak` runs, how many calls a second are acknowledged meanwhile, and with how many customers: the more there
# are, the less each of them does, and the shorter their ledgers stay.
SOAK       ?= 30m
SOAKLOAD   ?= 700
SOAKPEOPLE ?= 20000
# What `make bench` is told, such as -quick or -only T3,T9, and which small benchmarks `make microbench` runs.
BENCHFLAGS ?=
BENCH ?= .

.PHONY: help test unraced race bench pages microbench fuzz chaos soak lint verify format vet docs generated smoke screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## run all tests; installs Debian's redis-server where there is none (and chromium in CI)
	@deploy/needs.sh redis-server $(if $(findstring -race,$(GOTESTFLAGS)),gcc) $(if $(filter true,$(CI)),chromium node npm)
	go test -timeout 20m $(GOTESTFLAGS) $(if $(findstring -race,$(GOTESTFLAGS)),-skip '$(UNRACED)') ./...
	$(if $(findstring -race,$(GOTESTFLAGS)),$(MAKE) --no-print-directory unraced,@true)

unraced: ## run without the race detector what is not whole with it: pages in a browser, a crash at every write, large populations
	go test -timeout 20m -vet=off ./gateway ./gateway/console ./gateway/portal -run '$(UNRACED)|AtAnyWrite|^TestTheIndexCountsAsTheWalk$$'

race: ## run with the race detector all tests but those that go without it alone
	@deploy/needs.sh redis-server gcc
	go test -race -timeout 20m $(GOTESTFLAGS) -skip '$(UNRACED)' ./...

pages: ## measure the console with a million contacts (half an hour; 6 GB); BENCHFLAGS=-quick for 50,000
	@deploy/needs.sh redis-server
	@mkdir -p build
	go build -o build/bench ./gateway/bench
	build/bench -pages $(BENCHFLAGS)

bench: ## measure the gateway against floors (a quarter of an hour); BENCHFLAGS=-quick for three minutes
	@deploy/needs.sh redis-server
	@mkdir -p build
	go build -o build/bench ./gateway/bench
	build/bench $(BENCHFLAGS)

microbench: ## run the benchmarks of single calls; BENCH=name for some of them
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./gateway/web ./gateway/engine ./gateway/record ./campaigns/... ./preferences/... ./adapters/...

fuzz: ## fuzz each target for FUZZTIME (30s)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file name; do \
	  name=$${name#func }; echo "== $$name in $$(dirname "$$file")"; \
	  go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
	done

chaos: ## kill gateways and Redis KILLS (500) times amid other faults and ask the oracle; SEED=n repeats a run, SHAPE is Redis's
	@deploy/needs.sh redis-server
	go test ./gateway/chaos -run '^TestChaos$$' -count=1 -timeout 0 -v -chaos.kills=$(KILLS) -chaos.for=0 -chaos.people=$(PEOPLE) \
	  -chaos.seed=$(SEED) -chaos.redis=$(SHAPE) -chaos.out=$(CURDIR)/build/chaos

soak: ## run without faults for SOAK (30m) at SOAKLOAD and fail when memory, goroutines or streams grow
	@deploy/needs.sh redis-server
	go test ./gateway/chaos -run '^TestSoak$$' -count=1 -timeout 0 -v -chaos.soak=$(SOAK) -chaos.load=$(SOAKLOAD) -chaos.people=$(SOAKPEOPLE) -chaos.seed=$(SEED) -chaos.out=$(CURDIR)/build/soak

lint: ## run golangci-lint (its first build takes some minutes and 1 GB of memory)
	go tool -modfile=deploy/tools/go.mod golangci-lint run

verify: ## do what CI does
	@CI=true bash .ci/run

format: ## check that the Go code is formatted
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi

vet: ## run go vet
	go vet ./...

docs: ## write the tables of docs/channels from what the adapters declare
	go test ./adapters/all -run '^TestChannelPages$$' -count=1 -v -update

generated: ## check that generated code, and what the console's pages load from npm, is up to date
	@deploy/generated.sh
	@deploy/needs.sh node npm
	@deploy/assets.sh --check

smoke: ## build the program, check the sample campaigns, start and stop the demo
	@mkdir -p build
	go build -o build/hoidap ./cmd/hoidap
	build/hoidap version
	build/hoidap check cmd/hoidap/sample
	@deploy/with-demo.sh build/hoidap sh -c 'echo "the demo answers on $$DEMO_URL"'

screenshots: ## take docs/demo.png and docs/console from the running demo (needs node, npm and chromium)
	@mkdir -p build/screenshots
	go build -trimpath -o build/hoidap ./cmd/hoidap
	npm install --prefix build/screenshots --ignore-scripts --no-audit --no-fund playwright-core@1.65.1
	cd build/screenshots && ../../deploy/with-demo.sh ../hoidap sh -c 'node ../../gateway/demo/testdata/screenshot.mjs "$$DEMO_URL" .'
	cp build/screenshots/demo.png docs/demo.png
	cd build/screenshots && ../../deploy/with-demo.sh ../hoidap sh -c 'node ../../gateway/console/testdata/screenshots.mjs "$$DEMO_URL" console'
	@mkdir -p docs/console
	for p in overview campaigns campaign editor branches calendar audience results inbox person simulator channels offers audit settings dark-en phone; do cp build/screenshots/console/$$p.png docs/console/; done
	go test ./gateway/console -run 'TestApproval|TestAReplyIsTaught|TestAPoolRunsLow|TestTheEmergencyStopInABrowser' -count=1 -shots $(CURDIR)/build/screenshots/journeys
	for p in request-light:request inbox-taught:taught offers-low:offers-low stopped-phone:stopped-phone; do cp build/screenshots/journeys/$${p%%:*}.png docs/console/$${p##*:}.png; done

clean: ## remove what was built
	rm -rf build
