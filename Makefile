# Two commands matter: `make book` and `make test`. Each works alone on a fresh Debian or Ubuntu with Python 3.11-3.13.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: help book serve test lint unit notebooks-test site-test notebooks bench clean

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
HTML := _build/html
PORT ?= 8000

# The book's matrices are small: more threads only wait for each other, several times over on a busy machine.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

help:
	@echo "make book       build the book into $(HTML)"
	@echo "make serve      build it and open it on http://localhost:$(PORT)"
	@echo "make test       everything that CI checks"
	@echo "make notebooks  write again the notebooks whose source has changed"
	@echo "make bench      measure page weight and speed (never part of the tests)"
	@echo "make clean      remove what was built (not the environment)"

# --- environment -------------------------------------------------------------------------------------------
$(VENV)/.installed: requirements.txt pyproject.toml
	@tools/system_packages.sh venv "$(PYTHON)"
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the book's packages into $(VENV) (about 2 GB with torch; a minute or more) ..."
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# The libraries that schedules are compared with: for the tests only, and without what they would bring along.
$(VENV)/.oracles: tests/oracles.txt | $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r tests/oracles.txt
	touch $@

# --- the book ----------------------------------------------------------------------------------------------
# -W -n --keep-going: every warning is an error, every reference must resolve, and all of them are listed.
book: $(VENV)/.installed
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo; echo "The book is at file://$(CURDIR)/$(HTML)/index.html"

serve: book
	@echo "Serving on http://localhost:$(PORT) - stop with Ctrl-C"
	@($(BIN)/python -m webbrowser -t http://localhost:$(PORT) >/dev/null 2>&1 || true) &
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(HTML) $(PORT)

notebooks: $(VENV)/.installed
	$(BIN)/python tools/make_notebooks.py

# --- the checks --------------------------------------------------------------------------------------------
# Quick ones first. The site suite needs the built book and a browser.
test: lint unit notebooks-test site-test

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

# loadfile keeps the tests of one file on one worker, so that module-level fixtures are made once.
unit: $(VENV)/.installed $(VENV)/.oracles
	@tools/system_packages.sh browser
	$(BIN)/pytest -q -n 2 --dist loadfile --ignore tests/site

# nbval runs every committed notebook and compares its text with what is committed.
notebooks-test: $(VENV)/.installed
	$(BIN)/pytest -q -n 2 --dist loadfile -p no:cacheprovider --nbval --nbval-cell-timeout 120 notebooks

site-test: book
	@tools/system_packages.sh browser
	$(BIN)/pytest -q -n 2 --dist loadfile tests/site

bench: book $(VENV)/.oracles
	$(BIN)/python tests/bench/page.py
	$(BIN)/python tests/bench/schedules.py
	$(BIN)/python tests/bench/runs.py

clean:
	rm -rf _build build dist *.egg-info
