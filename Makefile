# Two commands matter: `make run` and `make test`. `make check` is what CI runs.
PYTHON ?= $(shell for c in python3.13 python3.12 python3.11 python3; do "$$c" -c 'import sys, ensurepip, sqlite3; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$c"; break; }; done)
V := .venv
PY := $(V)/bin/python
TESTS ?= tests
ROUNDS ?= 100
PORT ?= 8000
PYTEST := $(PY) -m pytest -n 2 $(TESTS)
ON_SQLITE := GUANTONG_HOME=$$(mktemp -d) GUANTONG_DATABASE_URL=sqlite:///:memory:
ON_POSTGRESQL := GUANTONG_HOME=$$(mktemp -d) $(PY) tools/with_postgres.py --

export DJANGO_SETTINGS_MODULE = guantong.config.settings

.PHONY: drill-both run test check format lint types contracts templates migrations bench bench-audit bench-middle bench-coverage bench-search drills drill-tamper drill-kill drill-peek drill-booking drill-permissions drill-api drill-back drill-bundle lock docs bundle clean

$(V)/.installed: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed."; exit 1; }
	$(PYTHON) -m venv $(V)
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(V)/.assets: $(V)/.installed $(wildcard src/guantong/locale/*/LC_MESSAGES/*.po) tools/build_assets.py
	$(PY) tools/build_assets.py
	@touch $@

# The demonstration city on an SQLite file, web and worker, on 127.0.0.1:8000 or PORT=….
run: export GUANTONG_DEMO = 1
run: $(V)/.assets
	$(V)/bin/guantong migrate
	$(V)/bin/guantong load-demo
	$(V)/bin/guantong serve --with-worker --port $(PORT)

# Each test once: pages on SQLite, operations on PostgreSQL, what hangs on the database on both. Where no server binary
# is there, all of them on SQLite. `make drill-both` runs everything on both.
test: $(V)/.assets
	@GUANTONG_TESTS=once $(ON_POSTGRESQL) $(PYTEST) -m "not browser and not drill and not policy"; status=$$?; \
	if [ $$status -eq 77 ]; then $(ON_SQLITE) $(PYTEST) -m "not drill"; \
	elif [ $$status -eq 0 ]; then GUANTONG_TESTS=once $(ON_SQLITE) $(PYTEST) -m "not drill"; else exit $$status; fi

check: $(V)/.assets lint types contracts templates migrations test

format: $(V)/.installed
	$(V)/bin/ruff format src tests tools benchmarks docs
	$(V)/bin/ruff check --fix src tests tools benchmarks docs

lint: $(V)/.installed
	$(V)/bin/ruff format --check src tests tools benchmarks docs
	$(V)/bin/ruff check src tests tools benchmarks docs

types: $(V)/.installed
	GUANTONG_HOME=$$(mktemp -d) $(V)/bin/mypy

contracts: $(V)/.installed
	GUANTONG_HOME=$$(mktemp -d) $(V)/bin/lint-imports

templates: $(V)/.installed
	git ls-files -z 'src/*.html' | xargs -0 $(V)/bin/djade --target-version 5.2 --check

migrations: $(V)/.installed
	GUANTONG_HOME=$$(mktemp -d) $(PY) -m django makemigrations --check --dry-run
	GUANTONG_HOME=$$(mktemp -d) $(PY) -m django check

bench: $(V)/.assets
	$(PY) benchmarks/pages.py

bench-audit: $(V)/.assets
	$(PY) benchmarks/audit_overhead.py

# Score runs, what-if, duplicates and the daily relight at city size, on both databases.
bench-middle: $(V)/.assets
	for each in scoring what_if duplicates relight; do $(PY) benchmarks/$$each.py && $(PY) tools/with_postgres.py -- $(PY) benchmarks/$$each.py || exit 1; done

# Coverage of a nation, on both databases; takes a while to build.
bench-coverage: $(V)/.assets
	$(PY) benchmarks/coverage.py && $(PY) tools/with_postgres.py -- $(PY) benchmarks/coverage.py

# Finding among a city's rows, on both databases.
bench-search: $(V)/.assets
	$(PY) benchmarks/search.py && $(PY) tools/with_postgres.py -- $(PY) benchmarks/search.py

# Long drills, each on both databases: a log that is tampered with, processes that are killed, districts that peek, everybody booking at once, every method of every address, made-up requests to the interface, the schema taken back, an install without network.
drills: drill-both drill-tamper drill-kill drill-peek drill-booking drill-permissions drill-api drill-back drill-bundle

drill-tamper: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 2 -m drill tests/audit
	$(ON_POSTGRESQL) $(PY) -m pytest -n 2 -m drill tests/audit

drill-kill: export GUANTONG_DRILL_ROUNDS = $(ROUNDS)
drill-kill: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 0 -m drill tests/config/test_killing.py
	$(ON_POSTGRESQL) $(PY) -m pytest -n 0 -m drill tests/config/test_killing.py

drill-peek: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 0 -m drill tests/web/test_non_interference.py
	$(ON_POSTGRESQL) $(PY) -m pytest -n 0 -m drill tests/web/test_non_interference.py

drill-booking: export GUANTONG_DRILL_ROUNDS = 50
drill-booking: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 0 -m drill tests/reception/test_parallel_booking.py
	$(ON_POSTGRESQL) $(PY) -m pytest -n 0 -m drill tests/reception/test_parallel_booking.py

# Every test on both databases, the phone in every variant, memory of the import's children.
drill-both: $(V)/.assets
	$(ON_SQLITE) $(PYTEST) -m "not drill"
	$(ON_POSTGRESQL) $(PYTEST) -m "not browser and not drill"
	$(ON_SQLITE) $(PY) -m pytest -n 2 -m drill tests/grassroots/test_quick_in_browser.py tests/web/test_display.py
	$(ON_SQLITE) $(PY) -m pytest -n 0 tests/importing/test_corpus.py

drill-permissions: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 2 -m drill tests/web/test_permission_matrix.py
	$(ON_POSTGRESQL) $(PY) -m pytest -n 2 -m drill tests/web/test_permission_matrix.py

# Twenty thousand cases against the interface of the served demonstration city; a quarter of an hour on each database.
drill-api: $(V)/.assets
	$(PY) tools/drill_api.py
	@$(PY) tools/with_postgres.py -- $(PY) tools/drill_api.py; status=$$?; test $$status -eq 0 -o $$status -eq 77

drill-back: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 0 -m drill tests/config/test_stepping_back.py
	$(ON_POSTGRESQL) $(PY) -m pytest -n 0 -m drill tests/config/test_stepping_back.py

# Three locks at the same versions: everything for developers and CI, only what runs, and only what builds the wheel.
LOCK := -m piptools compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: $(V)/.installed
	$(PY) -m piptools --version >/dev/null 2>&1 || $(PY) -m pip install -q --disable-pip-version-check pip-tools
	$(PY) $(LOCK) --extra dev --extra docs -o requirements.lock pyproject.toml
	$(PY) $(LOCK) -c requirements.lock -o requirements-run.lock pyproject.toml
	$(PY) $(LOCK) -c requirements.lock --only-build-deps --build-deps-for wheel --allow-unsafe -o requirements-build.lock pyproject.toml

# The pages of docs/, with pictures of the demonstration. A warning is an error; DOCS_SHOTS= builds them without.
DOCS_SHOTS ?= 1
docs: $(V)/.assets
	$(PY) tools/build_docs.py dist/docs $(if $(DOCS_SHOTS),--shots)

# What a machine without network installs from: dist/bundle.
bundle: $(V)/.assets
	$(PY) tools/bundle.py dist/bundle $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(FOR_PYTHON),--python $(FOR_PYTHON))

drill-bundle: $(V)/.assets
	$(ON_SQLITE) $(PY) -m pytest -n 0 -m drill tests/config/test_bundle.py tests/web/test_no_call_goes_out.py

clean:
	rm -rf $(V) .guantong node_modules .mypy_cache .ruff_cache .pytest_cache
