# Two commands do everything, from a bare checkout: make reproduce, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# What pip installs: under the lock, results are the committed ones byte for byte.
LOCK := requirements.lock
INSTALL := --require-hashes -r $(LOCK)
# What a machine has set for its own Python must not reach into this one.
export PYTHONPATH :=
export PYTHONNOUSERSITE := 1
export PYTHONHASHSEED := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help reproduce test test-oldest test-newest unlocked accept lab students site site-test bench evidence lock clean
.DEFAULT_GOAL := help

help:
	@echo "make reproduce   execute every notebook and hold every printed number against its recomputation"
	@echo "make test        prove it: style, types, doctests, tests, notebooks, ledger, figures"
	@echo "make test-oldest the same numbers and tests under the oldest versions that pyproject.toml admits"
	@echo "make test-newest ... and under the newest ones that there are"
	@echo "make accept      show how the new results differ from the committed ones, then copy them over"
	@echo "make lab         open JupyterLab on the notebooks"
	@echo "make students    write copies of the notebooks without solutions to build/students"
	@echo "make site        build the site from what is committed into build/site, without network"
	@echo "make site-test   drive the site in a headless Chromium: formulas, filters, links, accessibility"
	@echo "make bench       time the library against its peers: a table, and build/bench.csv"
	@echo "make evidence    run the long searches again whose small results are committed in data/evidence"
	@echo "make lock        resolve the newest and the oldest versions anew (needs uv)"
	@echo "make clean       remove what the other commands made, the environment included"
	@echo
	@echo "Each sets up what it needs, once, in $(VENV). Needed first: git, make, Python 3.11 to 3.13 with venv."
	@echo "Another Python: make PYTHON=python3.12 reproduce"

$(READY): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else \
		"Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.13 ...")'
	@echo "Setting up $(VENV), once: about a minute."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --no-compile $(INSTALL)
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
# On every processor, which pip cannot, and without the packages' own tests: a quarter of the whole.
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib || true
	@touch $@

reproduce: $(READY)
	@$(BIN)/python -m compendium reproduce

test: reproduce
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup lib tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks

# In a copy of the checkout, so that its results cannot be taken for the ones under the lock.
test-oldest: WITH := LOCK=requirements-oldest.txt
# What was newest on another day is not: as if pyproject.toml had changed.
test-newest: WITH := LOCK=pyproject.toml INSTALL='--editable .[notebooks,scale,test,evidence]' -W pyproject.toml
test-oldest test-newest: test-%:
	@mkdir -p build/$*
	@rm -rf build/$*/[!.]*
	@tar -cf - --exclude ./build --exclude ./.git --exclude ./$(VENV) . | tar -xf - -C build/$*
	@$(MAKE) --no-print-directory -C build/$* $(WITH) unlocked

# Nothing is compared but verdicts; what old versions deprecate of each other is not our warning.
# Nor is it ours that the debugger in an old kernel says at length what it cannot do.
unlocked: export PYDEVD_DISABLE_FILE_VALIDATION := 1
unlocked: reproduce
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not locked" -W default::DeprecationWarning lib tests

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
	@$(BIN)/python tests/benchmarks

evidence: $(READY)
	@for file in evidence/*.py; do $(BIN)/python $$file || exit 1; done

UV_COMPILE := uv pip compile --universal --fork-strategy fewest --generate-hashes --all-extras --python-version 3.11 \
	--no-header --no-annotate --upgrade pyproject.toml
lock:
	$(UV_COMPILE) --output-file requirements.lock
	$(UV_COMPILE) --resolution lowest-direct --output-file requirements-oldest.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis lib/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
