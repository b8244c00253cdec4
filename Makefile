# Two commands matter: `make demo` and `make test`. Both set up what they need.
.DELETE_ON_ERROR:
.SUFFIXES:
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check
# A name on the path may be a shim that leads nowhere, so each is asked to run.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
JOBS ?= 2
PORT ?= 8000
# Tests and the demonstration start dozens of processes; without compiled modules kept beside their
# sources, as this variable of many images asks for, each of them compiles the house anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check browser proxy messages docs notes release-check dist lock migration bench soak mutants sweep audit world album clean
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Install everything into .venv
$(READY): pyproject.toml requirements-dev.lock
	@echo "Setting up $(VENV) with $(PYTHON) …"
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "   fetching packages (a minute or two the first time) …"
	@sed -n '/^pip==/,/# via/p' requirements-dev.lock > $(VENV)/pip.lock
	@$(INSTALL) --require-hashes --requirement $(VENV)/pip.lock
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@PYTHONWARNINGS=ignore $(INSTALL) --no-deps --no-build-isolation --editable .
	@echo "   building styles, scripts and fonts …"
	@$(PY) -m kernel assets
	@touch $(READY)

demo: $(READY) ## Start the shop, walk one purchase through it, serve it (PORT=8001 elsewhere, EXIT=1 stops after the tour)
	@$(VENV)/bin/entrepot demo --port $(PORT) $(if $(EXIT),--exit)

proxy:
	@bash docker/proxy.sh

browser: tests/browser/node_modules/.package-lock.json
	@bash docker/chromium.sh

# What looks at pages and comes from npm; Node itself comes with the Python packages.
%/node_modules/.package-lock.json: %/package-lock.json $(READY)
	@echo "Fetching what $* needs from npm …"
	@cd $* && PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test: $(READY) browser proxy ## Run every test (SHARD=2/4 runs the second of four parts)
	@$(PY) -m kernel assets
	@status=0; $(PY) -m pytest -n $(JOBS) -q --dist loadscope --no-loadscope-reorder \
		$(if $(SHARD),--shard $(SHARD)) || status=$$?; \
	$(PY) -m kernel.testing stop; exit $$status

check: $(READY) ## Lint, types, contracts, catalogues
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint --lint --quiet kernel banking insurance search marketplace
	@$(PY) -m kernel.web.message_catalogues check

release-check: $(READY) ## Catalogues once more: before a release no language lacks a sentence
	@$(PY) -m kernel.web.message_catalogues release

messages: $(READY) ## Extract sentences, bring every catalogue up to date and list what is not translated
	@$(PY) -m kernel.web.message_catalogues update

docs: $(READY) ## Write the catalogue of everything the house names
	@$(VENV)/bin/entrepot docs

migration: $(READY) ## Draft the next migration from models and SQL (WORDS='what it does')
	@test -n "$(WORDS)" || { echo "Say what it does: make migration WORDS='…'" >&2; exit 1; }
	@$(PY) -m kernel.drafting '$(WORDS)'

notes: $(READY) ## What a release says of itself, or why it is none (TAG=v0.1.0)
	@$(PY) .ci/notes.py $(TAG)

dist: $(READY) ## Build the two files of a release into dist/, with their sums
	@rm -rf dist && $(PY) -m kernel assets
	@$(PY) -m build --no-isolation --outdir dist >/dev/null
	@cd dist && sha256sum *.tar.gz *.whl > SHA256SUMS && cat SHA256SUMS

# The program that writes the locks is no part of them: it runs here alone, beside the house.
UV := $(VENV)/lock/bin/uv
$(UV):
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check 'uv==0.13.9'

COMPILE = @$(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-config \
	--no-emit-index-url --generate-hashes --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade)

lock: $(UV) ## Write the locks of all packages with their hashes anew (UPGRADE=1 takes the newest)
	$(COMPILE) --extra dev --output-file requirements-dev.lock
	$(COMPILE) --constraints requirements-dev.lock --output-file requirements.lock

bench: $(READY) ## Measure; figures and their machine belong into docs/benchmarks.md
	@$(PY) benchmarks/run.py

soak: $(READY) ## 200,000 commands beside a naive book; full races; 300 checkouts at a faulty card network and 1,000 random baskets; everything killed 100 times under load; a day of the whole house in an hour (DAY=60 minutes; BLOWS=100 as root: a cluster, clocks that jump, a full disk; SEARCH=30 ELASTICSEARCH=folder as root: a search server of three nodes)
	@FAULTY_CHECKOUTS=300 RANDOM_BASKETS=1000 CHANGES=all $(PY) -m pytest -q \
		tests/journeys/cards/test_card_faults.py tests/journeys/cards/test_random_baskets.py \
		tests/journeys/cards/test_changed_preferences.py
	@$(PY) -m tests.soak --day $(or $(DAY),60) $(if $(BLOWS),--blows $(BLOWS) --clocks --full 3) $(if $(SEARCH),--search $(SEARCH) --elasticsearch $(ELASTICSEARCH))

mutants: $(READY) ## Change every rule in every place and name what no test of its room noticed (OF=banking/core/rail: some)
	@$(PY) -m tests.mutants $(OF) --jobs $(JOBS)

sweep: $(READY) ## Ask every field of every route with every hostile value, not those of the day alone
	@SWEEP=all $(VENV)/bin/pytest -q tests/sweeps

audit: browser benchmarks/node_modules/.package-lock.json ## Let the Nu HTML checker read every page (with Java), and Lighthouse look at six
	@$(PY) -m kernel assets
	@status=0; if java -version >/dev/null 2>&1; \
	then $(PY) -m pytest -q tests/browser/standard.py || status=$$?; \
	else echo "There is no Java here: the Nu HTML checker looked at nothing."; fi; \
	$(PY) -m benchmarks.audit && exit $$status

world: $(READY) browser ## Start a demonstration and look whether it stands on today, with work at every desk
	@$(PY) -m pytest -q tests/journeys/running/world_of_today.py

album: $(READY) browser ## Photograph every page into var/album for eyes (OF=/bank/send: some of them)
	@ALBUM_OF='$(OF)' $(PY) -m pytest -n $(JOBS) -q tests/browser/album.py

clean: ## Stop the embedded servers and forget all their data
	@test ! -x $(VENV)/bin/entrepot || $(VENV)/bin/entrepot stop
	@rm -rf var
