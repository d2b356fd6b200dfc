# make run: the sandbox world, everything set up.  make test: everything set up and tested.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
# Compiled when installed: where the service runs it may not write there.
INSTALL = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# One test process more than cores: many tests wait for a socket most of their time.
PARALLEL = -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist worksteal

.PHONY: run test check corpus messages lint fmt bench image clean
.DELETE_ON_ERROR:

run: $(VENV)/runtime
	@$(BIN)/python manage.py sandbox

test: lint
	$(BIN)/python -m pytest $(PARALLEL)
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest $(PARALLEL) -m 'django_db and not browser'

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
