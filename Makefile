# Two commands do everything, from a bare checkout: make reproduce, make test.
# Who sets up: python3 unless you name another. What is set up: the lock unless INSTALL says else.
PYTHON ?=
INSTALL :=
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
# What a machine has set for its own Python must not reach into this one.
export PYTHONPATH :=
export PYTHONNOUSERSITE := 1
export PYTHONHASHSEED := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help environment reproduce test test-all test-machines test-source test-cluster fuzz mutants test-oldest test-newest unlocked course-test graded \
	accept lab students course site site-test bench bench-large evidence lock clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo "make reproduce   execute every notebook and hold every printed number against its recomputation"
	@echo "make test        prove it: style, types, doctests, tests, notebooks, ledger, figures"
	@echo "make test-all    ... and what takes longer: make test-machines, test-source, test-cluster, fuzz, course-test, site-test"
	@echo "make mutants     change the code in 300 places, drawn by lot, and show which changes no test notices"
	@echo "make test-oldest the same numbers and tests under the oldest versions that pyproject.toml admits"
	@echo "make test-newest ... and under the newest ones that there are"
	@echo "make accept      show how the new results differ from the committed ones, then copy them over"
	@echo "make lab         open JupyterLab on the checkout, at the notebooks"
	@echo "make course      write what an instructor hands out to a new folder: make course OUT=FOLDER"
	@echo "make course-test have nbgrader hand out and mark it, for six students, in an environment of its own"
	@echo "make site        build the site from what is committed into build/site, without network"
	@echo "make site-test   drive the site in a headless Chromium: formulas, search, sliders, links, accessibility, weight"
	@echo "make bench       time the library against its peers: a table, and build/bench.csv"
	@echo "make bench-large time a register of 100 million households, from disk"
	@echo "make evidence    run the long searches again whose small results are committed in data/evidence"
	@echo "make lock        resolve the newest and the oldest versions anew (needs uv)"
	@echo "make clean       remove what the other commands made, the environment included"
	@echo
	@echo "Each sets up what it needs, once, in $(VENV), with uv if there is one. Needed first: Python 3.11 to 3.14 with venv."
	@echo "Another Python: make PYTHON=python3.12 reproduce"

# The environment's own Python is quick to say that all is there.
environment:
	@$(if $(PYTHON),,$(BIN)/python set_up.py --whole $(INSTALL) 2>/dev/null ||) $(or $(PYTHON),python3) set_up.py $(INSTALL)

reproduce: environment
	@$(BIN)/python -m compendium reproduce

test: environment
	@$(BIN)/python -m compendium test

# What takes too long for make test: other processors, calls at random, a class's marks, the site in
# a browser.
test-all: test test-machines test-source test-cluster fuzz course-test site-test

test-machines: environment
	@$(BIN)/python tests/machines

# A sixth source in a copy of the checkout and of its last run, and the tests that hang on sources.
test-source: reproduce
	$(BIN)/python -m pytest tests/source/check_source.py

# A cluster of two workers, one of which is killed, and a register on another store.
test-cluster: environment
	$(BIN)/python -m pytest -o pythonpath=tests tests/cluster/check_cluster.py

fuzz: environment
	@$(BIN)/python tests/fuzz
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile many tests

# Which test runs which line is kept in build/mutants until the code changes.
mutants: environment
	@$(BIN)/python tests/mutants

# In a copy of the checkout, so that its results cannot be taken for the ones under the lock. The
# environment of an earlier copy stays; but what was newest on another day is not.
test-oldest: WITH := --require-hashes -r requirements-oldest.txt
test-newest: WITH := --editable .[notebooks,widgets,test,evidence,files,site,cluster]
test-newest: STALE := build/newest/$(VENV)
test-oldest test-newest: test-%:
	$(call copy,$*)
	@$(MAKE) --no-print-directory -C build/$* INSTALL='$(WITH)' unlocked

define copy
	@mkdir -p build/$1
	@rm -rf build/$1/[!.]* $(STALE)
	@for file in * .[!.]*; do \
		case "$$file" in build|.git|$(VENV)|.*_cache|.hypothesis) ;; \
		*) cp -Rp "$$file" build/$1/ || exit 1;; esac; \
	done
endef

# What is handed out, handed in and marked, with nbgrader: in a copy, with an environment of its own.
course-test:
	$(call copy,grading)
	@$(MAKE) --no-print-directory -C build/grading INSTALL='--require-hashes -r requirements-course.txt' graded

graded: environment
	@$(BIN)/python tests/grading

unlocked: environment
	@$(BIN)/python -m compendium test --unlocked

accept: environment
	@$(BIN)/python -m compendium accept

# It shows the whole checkout: the data that a reader replaces are files to open there.
lab: environment
	$(BIN)/python -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks \
		$(if $(filter 0,$(shell id -u)),--allow-root) $(LAB)

# Its copies did not stand alone, and were overwritten.
students:
	$(error make students is gone: make course OUT=FOLDER writes notebooks for students, with answers that are checked)

# To a folder that is named, and never overwritten. Slides need two packages beside the lock's, at
# the versions that a course is tried with.
SLIDES := myst-parser|sphinx-revealjs
course: environment
	@mkdir -p build
	@awk '/^[a-z]/ { on = /^($(SLIDES))==/ } on' requirements-course.txt > build/slides.txt
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r build/slides.txt || echo "So no slides."
	@$(BIN)/python -m compendium course '$(or $(OUT),$(error Name a new folder: make course OUT=FOLDER))' \
		$(if $(SEED),--seed '$(SEED)') $(if $(COURSE),--course '$(COURSE)') $(if $(STUDENT),--student '$(STUDENT)')

site: environment
	@$(BIN)/python -m compendium site

site-test: site
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(filter-out %_phone.py,$(wildcard tests/site/check_*.py))
	$(BIN)/python -m pytest tests/site/check_phone.py

bench: environment
	@$(BIN)/python tests/benchmarks

# HOUSEHOLDS of them, from disk: 100 million take some minutes and 6 GB.
HOUSEHOLDS := 100_000_000
bench-large: environment
	@$(BIN)/python tests/benchmarks/large.py $(HOUSEHOLDS)

evidence: environment
	@for file in evidence/*.py; do $(BIN)/python $$file || exit 1; done

UV_COMPILE := uv pip compile --universal --fork-strategy fewest --generate-hashes --all-extras --python-version 3.11 \
	--no-header --no-annotate --upgrade pyproject.toml
lock:
	$(UV_COMPILE) --output-file requirements.lock
	$(UV_COMPILE) --resolution lowest-direct --output-file requirements-oldest.txt
	$(subst --all-extras,--extra notebooks --group grading --constraints requirements.lock,$(UV_COMPILE)) \
		--output-file requirements-course.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis lib/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
