# esconform: the two commands that matter are "make conformance" and "make test".
SHELL := /bin/bash
# The nearest tag; where there is none, the program says what Go recorded.
VERSION ?= $(shell git describe --tags --dirty 2>/dev/null)
COMMIT ?= $(shell git rev-parse HEAD 2>/dev/null)
CLI := github.com/esconform/esconform/internal/cli
LDFLAGS := -s -w -X $(CLI).version=$(VERSION) -X $(CLI).commit=$(COMMIT)
BIN := bin/esconform
GOLANGCI_LINT_VERSION := v2.15.0

# The target of "make conformance": nothing for the embedded server,
# ES_VERSION for a container, ES_URL for an existing cluster.
ES_VERSION ?=
ES_URL ?=
ARGS ?=

.PHONY: help build conformance test test-containers test-real race lint selftest matrix bench bench-hurl bench-writes scale fuzz dist image site clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

build: ## Build bin/esconform, static
	CGO_ENABLED=0 go build -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/esconform

conformance: ## Run the suite: embedded, or ES_VERSION=9.5.3, or ES_URL=https://…
	go build -o $(BIN) ./cmd/esconform
	$(BIN) run $(if $(ES_VERSION),--es-version $(ES_VERSION)) $(if $(ES_URL),--url $(ES_URL)) $(ARGS)

test: ## Run the project's own tests
	go test ./...

test-containers: ## Run the tests that start containers, with ESCONFORM_TEST_IMAGE=… also that of Elasticsearch
	ESCONFORM_TEST_CONTAINERS=1 go test -count=1 -timeout 15m ./internal/target/container

# Tests of a real Elasticsearch are those of the files that ask for one.
REAL = $(shell grep -rl --include='*_test.go' '/internal/testkit/realnode"' . | sort)

test-real: ## Run the tests that need an Elasticsearch, on the one at ESCONFORM_TEST_ES
	@test -n "$$ESCONFORM_TEST_ES" || { echo "set ESCONFORM_TEST_ES to the URL of an Elasticsearch that may be written to"; exit 2; }
	go test -count=1 -p 1 -timeout 15m $(TESTFLAGS) -run "^($$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' $(REAL) | paste -sd'|'))\$$" $(sort $(dir $(REAL)))

race: ## Run the project's own tests under the race detector, without -short
	go test -race -p 2 -timeout 40m ./...

lint: ## gofmt, go mod tidy, go vet, golangci-lint, esconform lint, the examples for CI
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt -w on these files"; exit 1; }
	go mod tidy -diff
	go vet ./...
	@command -v golangci-lint >/dev/null || go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	PATH="$$PATH:$$(go env GOPATH)/bin" golangci-lint run ./...
	go run ./cmd/esconform lint
	.ci/examples

selftest: build ## Run the suite against every fault
	$(BIN) selftest

matrix: ## Renew docs/kill-matrix.md
	.ci/matrix

bench: ## Measure the suite's own share of a run, and its memory
	go run ./internal/testkit/bench/cmd

scale: ## Measure merge and matrix for 500 reports of the whole suite
	.ci/scale

bench-hurl: ## Measure against Hurl: COUNT=48 scenarios, on the embedded server or ES_URL=https://…
	.ci/hurl $(or $(COUNT),48) $(ES_URL)

bench-writes: ## Measure what leases save on a server that writes one after the other (6 min)
	go run ./internal/testkit/bench/cmd writes

fuzz: ## Fuzz everything that reads what others wrote, 30 s each
	.ci/fuzz 30s

dist: ## Build the archives of a release, their SBOM and checksums into dist/
	.ci/dist $(or $(VERSION),dev)

image: build ## Build the container image esconform:VERSION
	docker build -t esconform:$(or $(VERSION),dev) .

site: ## Build the documentation as a site, into site/
	.ci/python sphinx-build -q -E -W --keep-going -b html -d bin/doctrees docs site

clean: ## Remove what the other targets made
	rm -rf bin dist site esconform-report
