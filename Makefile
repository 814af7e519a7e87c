# Two commands do everything, from a bare checkout: make reproduce, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# What a machine has set for its own Python must not reach into this one.
export PYTHONPATH :=
export PYTHONNOUSERSITE := 1
export PYTHONHASHSEED := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help reproduce test accept lab students site site-test bench evidence lock clean
.DEFAULT_GOAL := help

help:
	@echo "make reproduce   execute every notebook and hold every printed number against its recomputation"
	@echo "make test        prove it: style, types, doctests, tests, notebooks, ledger, figures"
	@echo "make accept      show how the new results differ from the committed ones, then copy them over"
	@echo "make lab         open JupyterLab on the notebooks"
	@echo "make students    write copies of the notebooks without solutions to build/students"
	@echo "make site        build the site from what is committed into build/site, without network"
	@echo "make site-test   drive the site in a headless Chromium: formulas, filters, links, accessibility"
	@echo "make bench       time the library against its peers"
	@echo "make evidence    run the long searches again whose small results are committed in data/evidence"
	@echo "make lock        resolve the dependencies anew (needs uv)"
	@echo "make clean       remove what the other commands made, the environment included"
	@echo
	@echo "Each sets up what it needs, once, in $(VENV). Needed first: git, make, Python 3.11 to 3.13 with venv."
	@echo "Another Python: make PYTHON=python3.12 reproduce"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else \
		"Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.13 ...")'
	@echo "Setting up $(VENV), once: about a minute."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

reproduce: $(READY)
	@$(BIN)/python -m compendium reproduce

test: reproduce
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup lib tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks

accept: $(READY)
	@$(BIN)/python -m compendium accept

lab: $(READY)
	$(BIN)/jupyter lab --notebook-dir=. notebooks

students: $(READY)
	@$(BIN)/python -m compendium students

site: $(READY)
	@$(BIN)/python -m compendium site

site-test: site
	$(BIN)/python -m pytest -n 2 --dist load tests/site/check_*.py

bench: $(READY)
	@for file in tests/benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

evidence: $(READY)
	@for file in evidence/*.py; do $(BIN)/python $$file || exit 1; done

lock:
	uv pip compile --universal --fork-strategy fewest --generate-hashes --all-extras --python-version 3.11 \
		--no-header --no-annotate --upgrade --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis lib/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
