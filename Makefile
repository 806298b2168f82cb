# Every task of the project. `make help` lists them; README's two commands are `make serve` and `make test`.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

# What Python has compiled is kept beside the sources: a process that finds it starts in a third of the time.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
SERVICE := requirements.txt
ASSISTANTS := requirements-mcp.txt
WORK := requirements-dev.txt
READY := $(VENV)/.service
ASSISTANTS_READY := $(VENV)/.mcp
WORK_READY := $(VENV)/.work
PEERS := bench/.venv

# A lock names every package with its version and hashes, so nothing is resolved: a resolver would look for the newest
# version of what is named with an extra, find it unlocked and stop (pypa/pip#9644). `pip check` follows instead.
PIP := -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --no-deps --require-hashes --no-compile

.PHONY: help install install-work migrate seed serve mcp test check lint types imports fix openapi openapi-check openapi-compare openapi-lint \
	sbom sbom-check audit seed-check seed-projections project browser nginx r lock bench-lock bench bench-index bench-workers bench-fronts clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Make the virtual environment, with what a service needs

install-work: $(WORK_READY) ## Add what work on the project needs: tests, checks, forecasts

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1), and 3.11 or newer is needed. Name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) lacks the module venv. Install it (Debian, Ubuntu: apt install python3-venv), or name another Python with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

# Wheels alone for a service: nothing that it needs is compiled, so that it needs no compiler.
$(READY): $(SERVICE) $(BIN)/python
	@echo "Installing what a service needs into $(VENV) ..."
	@$(BIN)/python $(INSTALL) --only-binary :all: -r $(SERVICE)
	@$(BIN)/python $(PIP) check
	@touch $@

$(ASSISTANTS_READY): $(ASSISTANTS) $(READY)
	@echo "Installing what the tools for assistants need into $(VENV) ..."
	@$(BIN)/python $(INSTALL) --only-binary :all: -r $(ASSISTANTS)
	@$(BIN)/python $(PIP) check
	@touch $@

$(WORK_READY): $(WORK) $(READY)
	@echo "Installing what work on the project needs into $(VENV) ..."
	@$(BIN)/python $(INSTALL) -r $(WORK)
	@$(BIN)/python $(PIP) check
	@touch $@

migrate: $(READY) ## Bring the database to the newest schema
	@$(BIN)/flask --app wsgi data migrate

seed: $(READY) ## Bring the database to the newest schema and load the figures into an empty one
	@$(BIN)/flask --app wsgi data prepare

serve: seed ## Serve on HOST:PORT (127.0.0.1:8000), installing and loading what is missing
	@exec $(BIN)/gunicorn -c python:api.gunicorn_conf wsgi:app

mcp: $(ASSISTANTS_READY) seed ## Serve tools for assistants (Model Context Protocol) on 127.0.0.1:8001, loading what is missing
	@exec $(BIN)/python -m api.assistants $(ARGS)

test: $(WORK_READY) ## Run the tests, on SQLite and on a PostgreSQL that they start themselves
	@$(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal $(ARGS)

check: $(WORK_READY) lint types imports openapi-check openapi-compare openapi-lint sbom-check ## Look at the code without running it, and at the contract

lint:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-logo

fix: $(WORK_READY) ## Put format and imports right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

openapi: $(WORK_READY) ## Write openapi/openapi.json anew from the code, its examples from the figures
	@$(BIN)/python -m openapi.generate

openapi-check:
	@$(BIN)/python -m openapi.generate --check

openapi-compare: # Nothing that clients of the last version rely on may break untold
	@$(BIN)/python -m openapi.compare

openapi-lint:
	@$(BIN)/openapi-spec-validator openapi/openapi.json
	@PATH="$(CURDIR)/$(BIN):$$PATH" openapi/lint.sh

# Made of the lock alone, so that the same lock has the same bill wherever it is made.
BILL = $(BIN)/python -W ignore $(BIN)/cyclonedx-py requirements $(SERVICE) --pyproject pyproject.toml --output-reproducible \
	--spec-version 1.6 --output-format JSON --validate --output-file -
# By the package, not by the host that it was had from: each project has its own index.
UNHOSTED = sed -E 's,"https?://[^"]*/(simple|project)/([^/"]+)/?","pkg:pypi/\2",'

sbom: $(WORK_READY) ## Write deploy/sbom.json anew: what a running service consists of, as CycloneDX
	@$(BILL) | $(UNHOSTED) > deploy/sbom.json

sbom-check:
	@$(BILL) | $(UNHOSTED) | cmp -s - deploy/sbom.json || { echo "deploy/sbom.json is not of this lock: make sbom"; exit 1; }

audit: $(WORK_READY) ## Look for known weaknesses in what a running service consists of, where the network allows it
	@$(BIN)/python -m deploy.audit $(SERVICE)

seed-projections: $(WORK_READY) ## Project every series in seed/ anew: after its figures changed
	@$(BIN)/python -m seed.project

project: $(WORK_READY) ## Project the series of the newest release that are not projected yet: after it was published
	@$(BIN)/flask --app wsgi data project $(ARGS)

seed-check: $(READY) ## Look for sums and jumps in seed/, and compare its figures with what the API at HOST:PORT answers
	@$(BIN)/python -m seed.sums
	@$(BIN)/python -m seed.check http://$(HOST):$(PORT)

r: ## Install R, which reads the service in the tests (Debian, as root)
	@command -v Rscript >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends r-cran-readr r-cran-dplyr >/dev/null; }

browser: ## Install the browser that the browser tests need (Debian, as root)
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

nginx: ## Install the proxy that tests put in front of the service (Debian, as root)
	@command -v nginx >/dev/null || { apt-get update -qq && apt-get install -y -qq nginx-light >/dev/null; }

UV_LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url

lock: $(WORK_READY) ## Resolve the dependencies in pyproject.toml anew: of a service, of its tools for assistants, of work on it
	@$(UV_LOCK) pyproject.toml --custom-compile-command "make lock" --output-file $(SERVICE) $(ARGS)
	@$(UV_LOCK) pyproject.toml --extra mcp --constraints $(SERVICE) --custom-compile-command "make lock" \
		--output-file $(ASSISTANTS) $(ARGS)
	@$(UV_LOCK) pyproject.toml --all-extras --constraints $(ASSISTANTS) --custom-compile-command "make lock" \
		--output-file $(WORK) $(ARGS)
	@$(MAKE) --no-print-directory sbom

bench-lock: $(WORK_READY) ## Resolve the peers in bench/requirements.in anew
	@$(UV_LOCK) bench/requirements.in --custom-compile-command "make bench-lock" --output-file bench/requirements.txt $(ARGS)

bench: $(WORK_READY) $(PEERS)/.installed ## Measure the service against its peers and a constant view, side by side
	@$(BIN)/python -m bench.compare
	@$(BIN)/python -m bench.index

bench-index: $(WORK_READY) ## Measure the index laboratory against a plain loop of the same method
	@$(BIN)/python -m bench.index

$(PEERS)/.installed: bench/requirements.txt
	@echo "Installing the peers into $(PEERS) ..."
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python $(INSTALL) -r bench/requirements.txt
	@touch $@

bench-workers: $(WORK_READY) ## Measure the worker classes side by side
	@$(BIN)/python -m bench.workers

bench-fronts: $(WORK_READY) $(PEERS)/.installed nginx ## Measure the worker against nginx in front of gunicorn's, waitress and granian
	@$(BIN)/python -m bench.fronts $(ARGS)

clean: ## Remove everything that can be made again, the embedded database among it
	@rm -rf $(VENV) $(PEERS) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis openapi/lint/node_modules
