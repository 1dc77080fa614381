# Every command is a short script in bin/; this file only names them.
.DEFAULT_GOAL := help
.PHONY: help run test dev build check bench

help: ## lists the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## installs what is missing, builds release and starts it
	@bin/run

test: ## everything: formatting, lints, both databases, both kinds of browser
	@bin/test

dev: ## builds, starts and rebuilds at every change
	@bin/dev

build: ## leaves the whole product in one file: dist/latchkey
	@bin/build

check: ## the fast part of test: formatting, lints, tests on SQLite
	@bin/check

bench: ## measures the release binary beside a bare axum + SeaORM handler
	@bin/bench
