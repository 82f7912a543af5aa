# What one does with a checkout. Each target makes the set-up it needs, once.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--no-header --no-annotate pyproject.toml
READY := .venv/.ready
CATALOGUE := linkytui/locale/fr/LC_MESSAGES/linkytui

.DEFAULT_GOAL := help
.PHONY: help demo test format messages snapshots docs lock wheel clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: .venv/.installed ## Show the screen on a simulated meter (options in ARGS)
	@$(BIN)/python -m linkytui demo $(ARGS)

test: $(READY) ## Run everything that must pass
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto $(ARGS)

format: $(READY) ## Put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(READY) ## Take the texts of the code into the French catalogue, and compile it
	@mkdir -p build
	$(BIN)/pybabel -q extract --no-location --sort-output --project linkytui -o build/linkytui.pot linkytui
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap \
		-D linkytui -l fr -i build/linkytui.pot -d linkytui/locale
	$(BIN)/pybabel -q compile -i $(CATALOGUE).po -o $(CATALOGUE).mo

snapshots: $(READY) ## Draw the pictures of the screens anew; look at them before you commit them
	$(BIN)/pytest -n auto tests/tui/screens --snapshot-update

docs: $(READY) ## Write the list of all settings anew
	$(BIN)/python docs/settings.py > docs/settings.md

lock: $(READY) ## Choose the versions of everything that is installed here anew
	$(PIP) uv
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev --extra mqtt --extra parquet --extra notify -c requirements.txt -o requirements-dev.txt

wheel: $(READY) ## Build the package into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

clean: ## Remove everything that was made, the environment included
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the program itself needs; enough to run it from the checkout.
.venv/.installed: requirements.txt
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Python is missing: sudo apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "linkytui needs Python 3.11 or later; if it has another name: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python cannot make environments here: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv, once; this takes a minute."
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

# What its development needs as well.
$(READY): .venv/.installed requirements-dev.txt pyproject.toml
	@echo "Adding what the tests need."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
