# The commands of the house. `make run` and `make test` need nothing installed by hand but Python 3.11 or newer.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiled code is kept, whatever is set on the machine: a command then starts in half the time.
export PYTHONDONTWRITEBYTECODE :=
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

.DEFAULT_GOAL := help
.PHONY: help install run test check bench campaign pictures audit tools lock clean

help: ## what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("The Compact needs Python 3.11 or newer: PYTHON=python3.12 make install")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

install: $(VENV)/.runtime ## build .venv from the lock

run: export COMPACT_ENV ?= demo
run: export PORT ?= 8000
run: $(VENV)/.runtime ## serve on http://127.0.0.1:8000 with the demo in an empty database
	@mkdir -p instance
	@test -s instance/secret-key || $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(48))' > instance/secret-key
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat instance/secret-key)}" && set -e && \
	$(BIN)/compact db upgrade && \
	if test "$$COMPACT_ENV" != production; then $(BIN)/compact demo --if-empty; fi && \
	echo "The Compact is on http://127.0.0.1:$$PORT" && \
	if test "$$COMPACT_ENV" = demo; then echo "Sign in as one of these:" && $(BIN)/compact demo --people; fi && \
	exec $(BIN)/compact serve --port "$$PORT"

test: $(VENV)/.development ## the whole suite on both databases and in the browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.development ## format, lint, types, layers, questionnaires, the accessibility statement's age
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/compact questionnaires check
	$(BIN)/python -m compact.notices

bench: $(VENV)/.development ## speed, as ratios taken in one run
	@$(BIN)/python -m bench

campaign: $(VENV)/.development ## what takes longer: many rounds, kills, ledgers, large agreement runs
	@$(BIN)/python -m pytest -m campaign -n 2 --dist loadgroup tests

pictures: $(VENV)/.development ## screenshots of the main pages into docs/pictures/
	@$(BIN)/python -m pytest -m pictures tests/browser

audit: $(VENV)/.development ## known faults of every locked package; fails when one could not be asked about
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --desc off -r requirements.lock

tools: ## install Chromium and PostgreSQL's programs with apt
	@bash .ci/tools

lock: $(VENV)/.development ## work out both locks anew
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade --quiet -c requirements.lock -o requirements-dev.lock

clean: ## remove what was built, keep the data
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache
