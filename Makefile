# Two commands for a fresh machine with Python 3.11 or later and pip.
#   make        sets up an environment in .venv and runs the whole project on its corpus
#   make test   the same, with the development tools, and runs every check
PYTHON ?= python3
BIN := .venv/bin
EXTRAS ?= dev

.PHONY: all test

all: .venv/run
	$(BIN)/python -m spacy project run all

test: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy zh_report_facts scripts
	$(BIN)/python -m spacy project run all
	$(BIN)/python -m pytest

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable ".[build]"
	touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS)]"
	touch $@
