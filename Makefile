# `make run` for a look around, `make test` before every commit. Needs Python >= 3.11 with venv, and make.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
MARK := .venv/.installed

.PHONY: install install-dev run test lint bench month archive-day chaos flood fuzz fuzz-guided learn clean bundle

install: $(MARK)
install-dev: $(MARK)-dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本"; exit 1; }
	$(PYTHON) -m venv .venv

$(MARK): requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(MARK)-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(MARK)

run: install
	@exec $(BIN)/python -m bot run

test: install-dev
	$(BIN)/python -m pytest

lint: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

month: install-dev
	$(BIN)/python -m tests.month

# a day of a district's groups through the archive: found, missed, false, and how much the bot said
archive-day: install-dev
	$(BIN)/python -m tests.archive_day $(if $(MESSAGES),--messages $(MESSAGES)) $(if $(SEED),--seed $(SEED))

bench: install-dev
	$(BIN)/python -m bench

# SEED, SECONDS (of talking, at most 300), CALLBACKS, DATABASE=sqlite|postgres|both, CHANNEL=callback|connect
chaos: install-dev
	$(BIN)/python -m chaos $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(CALLBACKS),--callbacks $(CALLBACKS)) $(if $(DATABASE),--database $(DATABASE)) \
		$(if $(CHANNEL),--channel $(CHANNEL))

# MESSAGES (10000) over the long connection, which breaks meanwhile
flood: install-dev
	$(BIN)/python -m chaos.flood $(if $(MESSAGES),--messages $(MESSAGES))

# so many inputs, other ones each time; about ten minutes
fuzz: install-dev
	FUZZ_INPUTS=$(or $(INPUTS),100000) $(BIN)/python -m pytest tests/fuzz -q --timeout 1800

# guided by coverage; on pythons for which there is an atheris
fuzz-guided: install-dev
	$(BIN)/python -m pip install -q --target var/fuzz -r tests/fuzz/requirements-guided.txt
	PYTHONPATH=var/fuzz $(BIN)/python -m tests.fuzz.guided $(or $(SECONDS),60)

# FILES: labelled lines of your own beside ours
learn: install-dev
	$(BIN)/python -m learning tests/data/*_dev.jsonl tests/data/plain_words.jsonl $(FILES)

bundle: install
	@deploy/bundle.sh

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache
