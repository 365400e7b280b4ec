# Everything that can be done with a checkout. The work itself is in tools/.
.DEFAULT_GOAL := help
.PHONY: help run dev test check schema matrix incidents cluster cluster-down seed bench build

# The same default as in tools/common.sh.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/porthole/target

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

run: ## build what changed and serve on http://127.0.0.1:8080 (ARGS="…" go to porthole serve)
	@tools/run.sh $(ARGS)

dev: ## the same with the interface reloaded as its files change, on http://127.0.0.1:5173
	@tools/dev.sh $(ARGS)

test: ## set up the machine, check, and test everything against real servers
	@tools/test.sh

check: ## formatting, lints, types, the committed schema
	@tools/check.sh

schema: ## write schema.graphql anew
	@cargo build --quiet --bin porthole && $(CARGO_TARGET_DIR)/debug/porthole schema > schema.graphql

matrix: ## write the table of who may do what anew
	@WRITE_EXPECTED=1 tools/servers.sh cargo test --quiet -p api --test it -- matrix

incidents: ## write the pages of known incidents anew
	@WRITE_EXPECTED=1 cargo test --quiet -p api --lib -- diagnosis::page

cluster: ## start a real Kubernetes on loopback with a few workloads, some of them broken
	@tools/cluster.sh up

cluster-down: ## end it
	@tools/cluster.sh down

seed: ## fill the database with people, posts and alerts to look at
	@cargo run --quiet --bin porthole -- seed $(ARGS)

bench: ## measure speed and memory
	@bench/run.sh $(ARGS)

build: ## the release binary, interface included
	@tools/setup.sh run && tools/spa.sh build && cargo build --release --bin porthole && echo "$(CARGO_TARGET_DIR)/release/porthole"
