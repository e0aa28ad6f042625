# `make demo` and `make test` need nothing but Python 3.11 (or newer), git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SITE_READY := $(VENV)/.ready-docs

.PHONY: demo test tests hostile check proofs format lint types layers docs bench clean
.DEFAULT_GOAL := demo

demo: $(READY)
	@$(BIN)/nixernetes demo

# What takes a minute or so; `check` runs all.
test: $(READY)
	@$(BIN)/python -m pytest -n 2 -m "not slow"

# One worker more than a small machine has cores: a third of the time is waited for servers and browsers.
tests: $(READY)
	@$(BIN)/python -m pytest -n 3

# What hostile repositories try; `tests` runs it too.
hostile: $(READY)
	@$(BIN)/python -m pytest -n 2 tests/hostile

# The tests wait now and then for other processes, so what needs one core runs beside them.
check: $(SITE_READY) format lint
	@$(MAKE) --no-print-directory -j 2 tests proofs

proofs: types layers docs

format: $(READY)
	@$(BIN)/ruff format --check .

lint: $(READY)
	@$(BIN)/ruff check .

types: $(READY)
	@$(BIN)/mypy

layers: $(READY)
	@$(BIN)/lint-imports

# The site, in site/: every link is checked, and nothing of it asks another host.
docs: $(SITE_READY)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html is the start of the site"

bench: $(READY)
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/render_overlays.py

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) scripts/install.py $(VENV) dev
	@touch $@

$(SITE_READY): $(READY)
	@$(PYTHON) scripts/install.py $(VENV) dev docs
	@touch $@
