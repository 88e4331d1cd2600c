# Two commands are enough: `make report` and `make test`. `make help` lists the others.
# Needs Python 3.11 or later with venv, and make (GNU make 3.81 will do); the rest comes from
# PyPI, pinned and hash-checked, into .venv. PYTHON=python3.13 chooses another interpreter.

ifeq ($(OS),Windows_NT)
$(error Windows is supported through its Linux: run wsl --install, then make in its terminal)
endif

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHELL  := /bin/sh

# Without byte code every start of Python compiles its imports again: two to four times slower.
unexport PYTHONDONTWRITEBYTECODE
# The project's own environment and nothing else.
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_REQUIRE_VIRTUALENV

# What a report needs, and everything, with the tests.
REPORT_LOCK := env/requirements-report.txt
LOCK        := env/requirements.txt
INSTALLED   := $(VENV)/.installed
LINKED      := $(VENV)/.linked
TESTED      := $(VENV)/.tested
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help env test-env report formats test nightly sweep soak mutate archive reproduce system \
        notebooks validate bench lock clean distclean

help:
	@echo "make report     the report as HTML and PDF in _book/ (installs what it needs first)"
	@echo "make formats    the paper as Word (.docx) and JATS (.xml) in _book/"
	@echo "make test       every check: dataset, code style, types, chapters, tests, stored notebooks"
	@echo "make nightly    what make test leaves out: further cases of the same kinds, 300 made faults"
	@echo "make sweep      500 made updates, each text, figure and table recomputed (half an hour)"
	@echo "make soak       10,000 made faults of datasets and folders; every number slipped by a digit (hours)"
	@echo "make mutate     change the code in small ways and see whether the tests notice (an hour)"
	@echo "make archive    one file in build/ from which the report is rebuilt without a network"
	@echo "make reproduce  the report twice under different conditions, and from an archive without a"
	@echo "                network, compared byte by byte (fifteen minutes)"
	@echo "make validate   check the dataset alone"
	@echo "make notebooks  write the stored rows and notebooks anew from data and chapters"
	@echo "make bench      time rendering, commands, the audit, the page, the tests, and all as data grow"
	@echo "make env        install what a report needs into $(VENV); test-env what the tests need too"
	@echo "make lock       pin the packages of env/requirements.in anew (needs uv)"
	@echo "make clean      remove what was rendered and cached; distclean removes $(VENV) too"
	@echo "PYTHON=...      another Python, 3.11 or later; ARGS=... further arguments of report, test, sweep,"
	@echo "                mutate and reproduce; ARCHIVE=FILE spares reproduce to make one"

env: $(LINKED)

test-env: $(TESTED)

$(INSTALLED): $(REPORT_LOCK)
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "There is no '$(PYTHON)' here. Install Python 3.11 or later, or name one: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or later, and '$(PYTHON)' is" \
	    "$$("$(PYTHON)" -c 'import platform; print(platform.python_version())')." \
	    "Name a later one: make PYTHON=python3.13" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu:" \
	    "sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the environment into $(VENV) (about a minute)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(PIP_INSTALL) --compile --no-deps --only-binary :all: --require-hashes -r $(REPORT_LOCK)
	@touch $@

$(LINKED): $(INSTALLED) pyproject.toml
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -m pip check --quiet
	@touch $@

$(TESTED): $(LINKED) $(LOCK)
	@echo "Installing what the tests need as well"
	@$(PIP_INSTALL) --compile --no-deps --only-binary :all: --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip check --quiet
	@touch $@

report: env
	@$(BIN)/review render $(ARGS)

# Pictures, tables and references of the paper, for Word and for archives of journals.
formats: env
	@$(BIN)/review render --to docx,jats $(ARGS)

validate: env
	@$(BIN)/review validate $(ARGS)

# Files with what they share stay with one worker, in the order of tests/conftest.py; the cells of a
# notebook share a kernel.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
NBVAL := $(if $(wildcard notebooks/*.ipynb),--nbval --nbval-current-env notebooks)

# Every check runs even where one before it fails, and pytest's closing line comes last.
test: test-env system
	@failed=; \
	$(BIN)/review validate --quiet || failed="$$failed dataset"; \
	$(BIN)/ruff check --quiet . || failed="$$failed style"; \
	$(BIN)/mypy --no-error-summary || failed="$$failed types"; \
	$(BIN)/python -m press lint || failed="$$failed chapters"; \
	$(PYTEST) -m "not nightly" tests $(NBVAL) $(ARGS) || failed="$$failed tests"; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

# Every part runs even where one before it fails.
nightly: test-env
	@failed=; \
	$(PYTEST) -m nightly tests $(ARGS) || failed="$$failed tests"; \
	$(BIN)/python -m pytest -n 2 tests/badness --hypothesis-profile=nightly || failed="$$failed faults"; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

sweep: test-env
	@$(BIN)/python tests/sweep/sweep.py $(ARGS)

reproduce: env
	@$(BIN)/python -m reproduce.twice $(ARGS)
	@$(BIN)/python -m reproduce.offline $(ARCHIVE)

archive: env
	@$(BIN)/python -m reproduce.archive $(ARGS)

# Every part runs even where one before it fails.
soak: test-env
	@failed=; \
	$(BIN)/python -m pytest -n 2 tests/badness --hypothesis-profile=soak || failed="$$failed faults"; \
	$(BIN)/python -m review.audit.slips || failed="$$failed slips"; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

mutate: test-env
	@$(BIN)/python tests/mutation/mutate.py $(ARGS)

system:
	@for name in "$$CHROMIUM" chromium chromium-browser google-chrome; do \
	  if [ -n "$$name" ] && command -v "$$name" >/dev/null 2>&1; then \
	    echo "Browser tests: $$(command -v "$$name")"; exit 0; fi; done; \
	echo "Browser tests: skipped, as there is no Chromium on PATH (on Debian: sudo apt-get install chromium)"

notebooks: env
	$(BIN)/python -m review.audit.stored_rows --write
	$(BIN)/python -m press notebooks

bench: test-env
	$(BIN)/python bench/render.py
	$(BIN)/python bench/claims.py
	$(BIN)/python bench/scale.py
	$(BIN)/python bench/commands.py
	$(BIN)/python bench/growth.py
	$(BIN)/python bench/page.py
	$(BIN)/python bench/suite.py

lock:
	env/lock

clean:
	rm -rf _book .press .quarto .pytest_cache .ruff_cache .mypy_cache bench/results build
	find review article press tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean
	rm -rf $(VENV) *.egg-info
