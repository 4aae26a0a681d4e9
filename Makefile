# make help says what there is; every target installs what it needs first.
BIN := .venv/bin
PACKAGES := workflow notifications reports config tasks web cli
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --no-header --annotation-style=line
# Tests start hundreds of processes; compiling every module in each of them costs a second or two a time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo up test lint types contracts tests bench bench-reading faults mutants format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: ## .venv with the dondoc command, from the locked requirements
	@tools/bootstrap

demo: install ## a whole story, then its pages; CONCLUSION=FILE plays another, SERVE=0 ends without pages
	@$(BIN)/dondoc demo

up: install ## everything in one: pages, worker, clock, private broker
	@$(BIN)/dondoc up

test: lint types contracts tests ## everything CI checks

lint: install ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## mypy --strict on code and tests
	$(BIN)/mypy --explicit-package-bases $(PACKAGES) tests

contracts: install ## imports run one way
	$(BIN)/lint-imports

tests: install ## the test suite on real PostgreSQL, SQLite, Redis and SMTP servers
	$(BIN)/python -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist worksteal  # many tests wait for other processes

bench: install ## speed beside its floors, some minutes; BENCH=--full goes to a million
	$(BIN)/python -m bench $(BENCH)

faults: install ## the long form of the fault lab, one table
	$(BIN)/python -m tests.faultlab --long

mutants: install ## twelve planted mistakes, each caught by a test
	$(BIN)/python -m tests.faultlab.mutants

bench-reading: install ## scores and times of the reader of conclusions
	$(BIN)/python -m bench.reading

format: install ## lets ruff write
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## newest versions that fit together, into both lock files (needs uv)
	$(COMPILE) --upgrade --extra test --extra build -o requirements-test.lock
	$(COMPILE) --upgrade --extra build -c requirements-test.lock -o requirements.lock

clean: ## removes .venv and caches
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
