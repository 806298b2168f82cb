# Every task of the project. `make help` lists them; README's two commands are `make serve` and `make test`.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
PEERS := bench/.venv

.PHONY: help install migrate seed serve test check lint types imports fix openapi openapi-check openapi-lint seed-check \
	browser lock bench-lock bench bench-index bench-workers clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Make the virtual environment from the lock

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	@echo "Installing what the lock names into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

migrate: $(READY) ## Bring the database to the newest schema
	@$(BIN)/flask --app wsgi data migrate

seed: $(READY) ## Bring the database to the newest schema and load the figures into an empty one
	@$(BIN)/flask --app wsgi data prepare

serve: seed ## Serve on HOST:PORT (127.0.0.1:8000), installing and loading what is missing
	@exec $(BIN)/gunicorn -c python:api.server wsgi:app

test: $(READY) ## Run the tests, on SQLite and on a PostgreSQL that they start themselves
	@$(BIN)/python -m pytest $(ARGS)

check: $(READY) lint types imports openapi-check openapi-lint ## Look at the code without running it, and at the contract

lint:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-logo

fix: $(READY) ## Put format and imports right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

openapi: $(READY) ## Write openapi/openapi.json anew from the code, its examples from the figures
	@$(BIN)/python -m openapi.generate

openapi-check:
	@$(BIN)/python -m openapi.generate --check

openapi-lint:
	@$(BIN)/openapi-spec-validator openapi/openapi.json
	@PATH="$(CURDIR)/$(BIN):$$PATH" openapi/lint.sh

seed-check: $(READY) ## Compare every figure in seed/ with what the API at HOST:PORT answers
	@$(BIN)/python -m seed.check http://$(HOST):$(PORT)

browser: ## Install the browser that the browser tests need (Debian, as root)
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

lock: $(READY) ## Resolve the dependencies in pyproject.toml anew
	@$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --output-file requirements.txt $(ARGS)

bench-lock: $(READY) ## Resolve the peers in bench/requirements.in anew
	@$(BIN)/uv pip compile --quiet bench/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make bench-lock" --output-file bench/requirements.txt $(ARGS)

bench: $(READY) $(PEERS)/.installed ## Measure the service against its peers and a constant view, side by side
	@$(BIN)/python -m bench.compare
	@$(BIN)/python -m bench.index

bench-index: $(READY) ## Measure the index laboratory against a plain loop of the same method
	@$(BIN)/python -m bench.index

$(PEERS)/.installed: bench/requirements.txt
	@echo "Installing the peers into $(PEERS) ..."
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.txt
	@touch $@

bench-workers: $(READY) ## Measure the worker classes side by side
	@$(BIN)/python -m bench.workers

clean: ## Remove everything that can be made again, the embedded database among it
	@rm -rf $(VENV) $(PEERS) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis openapi/lint/node_modules
