# Everything a newcomer needs: `make demo` and `make test` set up the machine by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help demo test check story chaos readings bench pictures plan apply setup browser clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Run everything with sandbox worlds: portal, Telegram, database, the application
	@$(RUN) -m sandbox.demo

test: setup browser ## Run every check and test
	@bash tests/run.sh

check: setup ## Run the linters only
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

story: setup ## Play the main story through HTTP; RECORD=dir keeps both worlds' recordings
	@$(RUN) -m sandbox.story $(if $(RECORD),--record $(RECORD))

chaos: setup ## Let people talk while everything breaks: RUNS=rounds PEOPLE=in-a-round SEED=number KILL_POINTS=1
	@$(RUN) -m sandbox.chaos --runs $(or $(RUNS),1) --people $(or $(PEOPLE),300) --seed $(or $(SEED),1) $(if $(KILL_POINTS),--kill-points)

readings: setup ## Test the application where the portal's documentation is open, read the other way; ONLY="switch …" takes some
	@$(RUN) -m tests.readings $(ONLY)

bench: setup ## Measure, print one table with targets, write benchmarks/results.json; ONLY="name …" takes some
	@$(RUN) -m benchmarks $(ONLY)

pictures: setup browser ## Take the pictures that the README shows, and those of every page of the desk
	@PICTURES=docs/pictures LOOKS=all $(RUN) -m pytest -q tests/browser/test_story.py tests/browser/placements tests/browser/miniapp/test_story.py

plan: setup ## Show what an installation would change on the portal
	@$(RUN) -m b24app.cli plan

apply: setup ## Bring the portal to what app.yaml declares
	@$(RUN) -m b24app.cli apply

setup: $(VENV)/ready static/vendor/ready ## Install what the project needs (the others do it by themselves)
	@$(RUN) -m b24app.i18n

browser: $(VENV)/ready
	@$(RUN) -m tests.browser.browser

clean: ## Remove what was installed and built
	rm -rf $(VENV) static/node_modules static/vendor build var

$(VENV)/ready: requirements.txt requirements-dev.txt
	@echo "Installing Python packages…"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt 2>&1 | grep -v '^WARNING: Location' || true
	@$(RUN) -c "import flask, procrastinate, playwright, fast_bitrix24"
	@touch $@

FRONT := $(wildcard static/*.mjs static/*/*.js static/*/*.css static/*/*/*.js)
static/vendor/ready: static/package-lock.json static/package.json $(FRONT) | $(VENV)/ready
	@echo "Building the browser's side…"
	@PATH="$$PATH:$(CURDIR)/$(BIN)" bash static/build.sh
	@touch $@
