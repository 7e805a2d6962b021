# Everything a person types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
SCRIPT ?=
# Tests run in as many processes as there are processors, up to four; each has a database and folders of its own, and
# takes them in their order: tests that commit come last and leave their database without what migrations put there.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist load

.DEFAULT_GOAL := help
.PHONY: help demo up test check postgres-test browser-test slow-test

help:  ## what there is to type
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

demo: $(RUNTIME)  ## set everything up, make the example film (or SCRIPT=path) and show it live in the browser
	@$(BIN)/python manage.py demo $(if $(SCRIPT),"$(SCRIPT)")

up: $(RUNTIME)  ## the site, a worker and the poller, until Ctrl-C
	@$(BIN)/python manage.py dev

test: $(DEV)  ## the tests, on SQLite, without a browser
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

slow-test: $(DEV)  ## real processes, killed and restarted
	@$(BIN)/python -m pytest -m "slow and not browser"

browser-test: $(DEV)  ## a real browser against real processes (needs Chromium)
	@$(BIN)/python -m pytest -m browser

postgres-test: $(DEV)  ## the tests on an embedded PostgreSQL
	@$(BIN)/python .ci/with_postgres.py $(BIN)/python -m pytest $(SIDE_BY_SIDE)

check: $(DEV)  ## lint, types, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy projects characters scenes dailies prompts media_pipeline studio
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rushes needs Python 3.11 or newer; set PYTHON=path to one.")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment: on Debian and Ubuntu, apt install python3-venv."; exit 1; }

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installing the pinned packages (once, about half a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME) | $(BIN)/python
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
