# helmctl: `make demo` shows the main job, `make test` proves it; the rest is for whoever carries on.

SHELL := /bin/bash
.DEFAULT_GOAL := help

RELEASE := .build-release
# The binary stands alone: Swift and the C libraries are linked in; dead sections and the list of what others could link
# against are left out. It has one address, as Go's binaries have: the hundred thousand pointers of Swift's metadata would
# be moved, and their pages copied, at each start. What a rendering touches lies side by side (scripts/order-symbols),
# for page faults were a quarter of what a small chart took.
LINKED := --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --gc-sections -Xlinker --no-export-dynamic -Xlinker -no-pie \
	-Xlinker --symbol-ordering-file=$(CURDIR)/scripts/hot-symbols -Xlinker --no-warn-symbol-ordering
# Types of generic instances are asked for by their parameters, and not by name: the runtime would take each name apart,
# and hold the parameters against the conformances of the whole binary, where the compiler knows both. Each function has
# a section of its own, so that the linker can lay hot ones side by side and leave out what nobody calls.
COMPILED := -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -Xfrontend -Xswiftc -function-sections
RELEASED := swift build -c release --product helmctl --scratch-path $(RELEASE) --disable-local-rpath $(COMPILED) $(LINKED)
# The linker looks into the folder of products first, and takes what it finds there for -lstdc++, -lgcc_s and -lz.
PRODUCTS := $(RELEASE)/$(shell uname -m)-unknown-linux-gnu/release

.PHONY: help deps shim build order image demo test check api-diff fmt bench fuzz docs clean

help: ## says what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## installs what is missing from Debian's packages
	@scripts/install-dependencies

shim: deps
	@scripts/build-shim

build: shim ## builds the release binary bin/helmctl
	@echo "building helmctl (the first build takes several minutes)"
	@mkdir -p bin $(PRODUCTS)
	@ln -sf "$$(gcc -print-file-name=libstdc++.a)" $(PRODUCTS)/libstdc++.a
	@ln -sf "$$(gcc -print-file-name=libgcc_eh.a)" $(PRODUCTS)/libgcc_s.a
	@ln -sf "$$(gcc -print-file-name=libz.a)" $(PRODUCTS)/libz.a
	@$(RELEASED) -Xlinker -s 2>&1 | scripts/build-filter
	@install -m 755 $(RELEASE)/release/helmctl bin/helmctl

order: build ## notes anew what a rendering touches, for the linker (needs valgrind)
	@$(RELEASED) 2>&1 | scripts/build-filter
	@scripts/order-symbols $(RELEASE)/release/helmctl
	@rm -f $(PRODUCTS)/helmctl # or it would not be linked again by the new list

image: deps ## makes the busybox image build/busybox.tar
	@scripts/build-busybox-image

demo: build image ## installs, upgrades and rolls back a chart on a cluster of its own
	@scripts/demo

test: build image ## checks, fuzzes and tests everything
	@scripts/test

check: deps ## holds the code to the house's rules
	@python3 scripts/check.py

api-diff: build ## compares the declared kinds with upstream's OpenAPI
	@python3 scripts/api-diff.py

fmt: ## formats the code
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

bench: build image ## compares with real Helm and the real API server
	@scripts/bench
	@scripts/bench-api

fuzz: shim ## lets the fuzzers run for a while (SECONDS_EACH=10)
	@scripts/fuzz

docs: ## lists the documents
	@ls -1 README.md CONTRIBUTING.md docs/*.md

clean: ## removes what was built
	rm -rf .build .build-* bin build
