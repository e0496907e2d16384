# `make demo` and `make test` need Python 3.11 or later and the network's package index; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SPEC := tests/.spec/commonmark.json

.PHONY: demo test test-long check bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/ready  ## set up, then translate the sample posts offline and show where to look
	@$(BIN)/python posts/demo.py

test: $(VENV)/tested $(SPEC)  ## set up, then run every test that is quick
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not long" $(ARGS)

test-long: $(VENV)/tested $(SPEC)  ## the slow suites: kills, long lives of a post, servers that misbehave (mostly waiting, so four at once)
	@$(BIN)/python -m pytest -n 4 --dist worksteal -m long $(ARGS)

bench: $(VENV)/tested  ## print the figures of ARCHITECTURE.md
	@for each in tests/bench/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Duizhao needs Python 3.11 or later; this is `$(PYTHON) --version`. Name another: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "this Python has no venv module: install python3-venv"; exit 1; }

$(VENV)/ready: $(VENV)/bin/python pyproject.toml
	@echo "installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[review]'
	@touch $@

$(VENV)/tested: $(VENV)/ready
	@echo "installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

# CommonMark's own examples come with markdown-it-py's source; without them their test is skipped, with this as its reason.
$(SPEC): $(VENV)/ready
	@$(BIN)/python tests/fetch_spec.py $@ || echo "CommonMark's examples could not be fetched; their test is skipped"

clean:
	rm -rf $(VENV) tests/.spec .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
