# Two commands on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench cluster screenshots clean

demo: $(VENV)/installed
	$(BIN)/kijigura demo

test: $(VENV)/installed-dev
	sh tests/install_browser.sh $(BIN)
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/installed-bench
	$(BIN)/python -m benchmarks $(ARGS)

# Three nodes of OpenSearch on this machine: `make cluster ARGS="--directory DIR"`.
cluster: $(VENV)/installed-dev
	$(BIN)/python tests/cluster/start $(ARGS)

screenshots: $(VENV)/installed-dev
	sh tests/install_browser.sh $(BIN)
	$(BIN)/python docs/take_screenshots.py

clean:
	rm -rf $(VENV) .opensearch demo-archive demo-cluster dist build

# constraints.txt holds the versions that were tested together.
$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kijigura needs Python 3.11 or newer: make demo PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/installed-bench: pyproject.toml constraints.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	@touch $@
