# make run: the sandbox world, everything set up.  make test: everything set up and tested.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
# Compiled when installed: where the service runs it may not write there.
INSTALL = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# One test process more than cores: many tests wait for a socket most of their time.
PARALLEL = -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist worksteal
# The rooms that also run on PostgreSQL (CONTRIBUTING.md, Which tests run on PostgreSQL).
ON_POSTGRES = $(addprefix tests/, \
  accounts/personal accounts/subscribing accounts/web accounts/test_api.py accounts/test_clock.py \
  notifications/delivery notifications/finding notifications/my_time notifications/publishing notifications/web \
  notifications/telegram_bot/test_reply_queue.py notifications/test_api.py notifications/test_api_lists.py \
  notifications/test_find.py \
  scraping/corrections scraping/cycle scraping/lookup scraping/mongo scraping/placements scraping/review \
  scraping/telling scraping/watch scraping/web \
  supersetbot/dashboard supersetbot/operations supersetbot/test_admin.py supersetbot/test_api.py \
  supersetbot/test_audit.py supersetbot/test_forgetting.py supersetbot/test_rotate_field_keys.py \
  end_to_end/test_forgotten_everywhere.py end_to_end/test_portal_to_phone.py test_emptied.py)
# pytest rewrites the asserts of a test file, which takes longer than everything else in it: the next run reads them.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test on-sqlite on-postgres check corpus messages lint fmt bench image clean
.DELETE_ON_ERROR:

run: $(VENV)/runtime
	@$(BIN)/python manage.py sandbox

# The check of types, which uses one core, goes on beside the tests.
test: $(VENV)/development
	@$(MAKE) --no-print-directory -j2 lint on-sqlite
	@$(MAKE) --no-print-directory on-postgres

on-sqlite:
	$(BIN)/python -m pytest $(PARALLEL)

on-postgres:
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest $(PARALLEL) -m 'django_db and not browser' $(ON_POSTGRES)

# The quick gate: style, types, and the tests that the uncommitted change touches.
check: lint
	$(BIN)/python -m tests.changed

lint: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

fmt: $(VENV)/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# How well the texts of tests/corpus are read, and what changed against the last commit (docs/misreads.md).
corpus: $(VENV)/development
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.corpus

# Brings the translation in step with the texts of the code (CONTRIBUTING.md).
messages: $(VENV)/development
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.translations

bench: $(VENV)/development
	$(BIN)/python -m benchmarks

# Builds the container, runs compose.yaml with it and upgrades it (Debian, as root; docs/operating.md, In containers).
image:
	deploy/check-image

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/runtime: requirements.txt | $(BIN)/uv
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt requirements-otel.txt requirements.txt | $(BIN)/uv
	$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/runtime

clean:
	rm -rf $(VENV) static-root data .mypy_cache .ruff_cache .pytest_cache .hypothesis
