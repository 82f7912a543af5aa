# What one does with a checkout. Each target makes the set-up it needs, once.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--no-header --no-annotate pyproject.toml
READY := .venv/.ready
CATALOGUE := linkytui/locale/fr/LC_MESSAGES/linkytui

# A Debian that the tests of `make debian` put linkytui on, and what pip would fetch for that.
DEBIAN := build/debian
DEBIAN_PACKAGES := python3,python3-venv,ca-certificates,systemd-sysv,dbus,dbus-user-session,libpam-systemd,man-db
DEBIAN_TESTS := LINKYTUI_TESTS_DEBIAN=$(abspath $(DEBIAN)) $(BIN)/pytest $(ARGS)

# What a person reads before the program runs, in French where the system or `--lang fr` in ARGS says so.
ifneq (,$(filter fr%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG)))$(findstring --lang fr,$(ARGS)))
SETTING_UP := Préparation de .venv, une fois pour toutes ; comptez une minute.
NO_PYTHON := Python manque : sudo apt install python3 python3-venv
OLD_PYTHON := linkytui demande Python 3.11 ou plus récent ; s'il porte un autre nom : make PYTHON=python3.11
NO_VENV := Python ne peut pas créer d'environnement ici : sudo apt install python3-venv
else
SETTING_UP := Setting up .venv, once; this takes a minute.
NO_PYTHON := Python is missing: sudo apt install python3 python3-venv
OLD_PYTHON := linkytui needs Python 3.11 or later; if it has another name: make PYTHON=python3.11
NO_VENV := Python cannot make environments here: sudo apt install python3-venv
endif

# Home Assistant for the tests of `make homeassistant`: an environment, or a Debian with one where no Python is new enough.
HOMEASSISTANT := build/homeassistant

# Environments with the lowest and the newest versions that pyproject.toml allows, and what is tried in them.
LOWEST := build/lowest
NEWEST := build/newest
BOUNDS_TESTS := -q -p no:cacheprovider tests/test_cli.py tests/tariffs/test_process.py tests/settings tests/commands/test_plot.py \
	tests/tui/test_session.py tests/outputs/callbacks/test_configured.py tests/history/test_reader.py
BOUNDS_DEV := 'pytest>=8,<9' 'pytest-asyncio>=0.23' 'hypothesis>=6.100' 'pyte>=0.8' 'reportlab>=4'

.DEFAULT_GOAL := help
.PHONY: help demo test format messages snapshots mutants faults docs pictures site lock lowest newest wheel image release deb debian systemd homeassistant clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 15

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

mutants: $(READY) ## Change the code in small ways and see whether the tests notice; takes hours (--sample 10 in ARGS)
	$(BIN)/python -m tests.mutants $(ARGS)

faults: $(READY) ## Make every fault of docs/reliability.md and say what each costs; takes half an hour
	$(BIN)/python -m tests.faults $(ARGS)

docs: $(READY) ## Write the list of all settings, the manual pages and Grafana's dashboards anew
	$(BIN)/python docs/settings.py en > docs/settings.md
	$(BIN)/python docs/settings.py fr > docs/fr/settings.md
	$(BIN)/python docs/man.py en > docs/man/linkytui.1
	$(BIN)/python docs/man.py fr > docs/man/fr/linkytui.1
	$(BIN)/python contrib/grafana/make_dashboards.py

pictures: $(READY) ## Record the demo and draw Grafana's dashboard for the documents anew; look at them before you commit them
	$(BIN)/python docs/recording.py en
	$(BIN)/python docs/recording.py fr
	$(BIN)/python docs/pictures.py

site: $(READY) ## Build the documents' site into build/site, in both languages
	$(BIN)/python docs/site/build.py build/site
	@echo "Open build/site/index.html in a browser."

lock: $(READY) ## Choose the versions of everything that is installed here anew
	$(PIP) uv
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev --extra parquet --extra notify --extra web -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.14.2 \
		--no-header --no-annotate tests/homeassistant/requirements.in -o tests/homeassistant/requirements.txt

lowest: $(READY) $(LOWEST).ready ## Try the lowest versions that pyproject.toml allows
	$(LOWEST)/bin/python -m pytest $(BOUNDS_TESTS)

newest: ## Try the newest versions that pyproject.toml allows
	rm -rf $(NEWEST) && mkdir -p build && $(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check '.[notify]' $(BOUNDS_DEV)
	$(NEWEST)/bin/python -m pytest $(BOUNDS_TESTS) tests/outputs/alerts

wheel: $(READY) ## Build the package into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

image: ## Build the image linkytui with docker, podman or buildah (options in ARGS)
	@tool=$$(command -v docker || command -v podman || command -v buildah) || \
		{ echo "Neither docker, podman nor buildah is here: sudo apt install podman" >&2; exit 1; }; \
	"$$tool" build --tag linkytui --file Containerfile --build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null) $(ARGS) .

release: $(READY) ## Make and test a release in dist/, and say what would be done with it (ARGS="--author … --url …")
	$(BIN)/python contrib/release.py $(ARGS)

deb: ## Build a package for this machine's Debian into dist/ (VERSION=… in the place of the version in pyproject.toml)
	contrib/debian/build

debian: $(READY) build/wheels.ready ## Try linkytui on a Debian of its own: image, package, systemd, pipx and uv; as root
	$(DEBIAN_TESTS) tests/debian

systemd: $(READY) build/wheels.ready ## Of these, the services under a real systemd
	$(DEBIAN_TESTS) tests/debian/test_systemd.py

homeassistant: $(READY) $(HOMEASSISTANT).ready ## Try linkytui with a real Home Assistant; takes a quarter of an hour
	LINKYTUI_TESTS_HOMEASSISTANT=$(abspath $(HOMEASSISTANT)) $(BIN)/pytest $(ARGS) tests/homeassistant

clean: ## Remove everything that was made, the environment included
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the program itself needs; enough to run it from the checkout.
.venv/.installed: requirements.txt
	@command -v $(PYTHON) >/dev/null || \
		{ echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(OLD_PYTHON)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(NO_VENV)" >&2; exit 1; }
	@echo "$(SETTING_UP)"
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

# What its development needs as well.
$(READY): .venv/.installed requirements-dev.txt pyproject.toml
	@echo "Adding what the tests need."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(LOWEST).ready: pyproject.toml
	rm -rf $(LOWEST) && mkdir -p build && $(PYTHON) -m venv $(LOWEST)
	$(BIN)/python -c 'import tomllib; wanted = tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]; \
		print(*(each.replace(">=", "==") for each in wanted), sep="\n")' >$(LOWEST).txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -r $(LOWEST).txt . $(BOUNDS_DEV)
	@touch $@

$(DEBIAN).ready:
	@[ "$$(id -u)" = 0 ] || { echo "This makes machines of its own: run it as root" >&2; exit 1; }
	@command -v debootstrap >/dev/null || \
		{ echo "debootstrap is missing: apt install debootstrap buildah crun systemd-container" >&2; exit 1; }
	rm -rf $(DEBIAN)
	mkdir -p build
	debootstrap --variant=minbase --include=$(DEBIAN_PACKAGES) $$(. /etc/os-release; echo $$VERSION_CODENAME) $(DEBIAN) >build/debootstrap.log
	rm -rf $(DEBIAN)/var/cache/apt/archives/*.deb
	@touch $@

build/wheels.ready: $(DEBIAN).ready requirements.txt requirements-dev.txt
	rm -rf build/wheels
	sed -e 's/ \\$$//' -e '/--hash=/d' requirements-dev.txt >build/constraints.txt
	python=$$(chroot $(DEBIAN) python3 -c 'import sys; print(*sys.version_info[:2], sep=".")'); \
	for wanted in '--no-deps --require-hashes -r requirements.txt' '-c build/constraints.txt apprise editables hatchling'; do \
		$(BIN)/python -m pip download --quiet --disable-pip-version-check --only-binary=:all: --python-version $$python \
			--dest build/wheels $$wanted || exit; \
	done
	@touch $@

$(HOMEASSISTANT).ready: tests/homeassistant/requirements.txt | $(READY)
	$(PIP) uv
	rm -rf $(HOMEASSISTANT)
	@mkdir -p build
	{ $(BIN)/uv venv --quiet --python 3.14 $(HOMEASSISTANT) && \
		$(BIN)/uv pip install --quiet --python $(HOMEASSISTANT) --require-hashes -r $<; } || \
		tests/homeassistant/debian $(HOMEASSISTANT) $(BIN)/uv
	@touch $@
