# `make run` is the whole site on a bare machine; `make check` and `make test` are what CI runs.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
READING := DJANGO_SETTINGS_MODULE=config.settings.typing
TEMPLATES = $(shell find templates -name '*.html')
# Each of the many processes that the tests start finds our own code compiled.
COMPILED = PYTHONDONTWRITEBYTECODE=
# What a production machine would set, for `check --deploy`; no server is asked.
PRODUCTION = KEYS_DIR=.venv/.no-keys ALLOWED_HOSTS=example.invalid \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(40))') \
	DATABASE_URL=postgresql://villages_app@db.invalid/villages REDIS_URL=redis://broker.invalid/0

.PHONY: setup run main-job test test-long check fix lock bench

setup: .venv/.runs

# Each stamp is as old as the last install: pip runs again only when a requirement changed.
.venv/.runs: requirements.txt requirements-embedded.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes $(foreach file,$^,-r $(file))
	touch $@

.venv/.develops: requirements-dev.txt .venv/.runs
	$(BIN)/python -m pip install --quiet --require-hashes -r $<
	touch $@

run: setup
	$(MANAGE) up

main-job: setup
	$(MANAGE) up --once

test: .venv/.develops
	$(COMPILED) $(MANAGE) with_services --fresh --bare -- pytest -n 2 --dist loadgroup -m "not long"

test-long: .venv/.develops
	$(COMPILED) $(MANAGE) with_services --fresh --bare -- pytest -m long

check: .venv/.develops
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(if $(TEMPLATES),$(BIN)/djade --check --target-version 5.2 $(TEMPLATES))
	$(READING) $(MANAGE) makemigrations --check --dry-run
	$(READING) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	mkdir -p -m 700 .venv/.no-keys
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

fix: .venv/.develops
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(if $(TEMPLATES),-$(BIN)/djade --target-version 5.2 $(TEMPLATES))

lock: .venv/.develops
	for name in requirements requirements-embedded requirements-dev bench/requirements; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	    --quiet $$name.in -o $$name.txt || exit 1; \
	done

# Other designs have an environment of their own. The cluster is durable (fsync on) and goes away.
.venv-bench/.installed: bench/requirements.txt
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

# `make bench BENCH="--quick --rows 1,2,8"`; what was seen before is in docs/performance.md.
bench: setup .venv-bench/.installed
	mkdir -p var
	place=$$(mktemp -d var/bench.XXXXXX) && trap 'rm -rf "$$place"' EXIT && \
	  env -u DATABASE_URL -u REDIS_URL VAR_DIR="$$place" \
	  $(MANAGE) with_services -- python -m bench $(BENCH)
