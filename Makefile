# What you can do here: run `make`. A fresh machine needs Python 3.11 or newer, with venv, and GNU make.

PYTHON ?= python3
VENV ?= .venv
SAMPLE ?= tallowick
BENCH ?= --quick

bin := $(abspath $(VENV))/bin
python := $(bin)/python
runtime := $(VENV)/.installed-runtime
everything := $(VENV)/.installed-everything
pip_tools := pip-tools==7.6.2

# What a shell has set for other work must not change what happens here: no key, no address, no catalog, no paths.
unexport $(filter DECOMPOSER_% OPENAI_%,$(.VARIABLES))
unexport PYTHONHOME PYTHONPATH PYTHONWARNINGS PYTEST_ADDOPTS PYTEST_PLUGINS PIP_TARGET PIP_USER
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUTF8 = 1

install = "$(python)" -m pip install --quiet --no-compile --no-deps --require-hashes
project = "$(python)" -m pip install --quiet --no-deps --no-build-isolation --editable .

compile = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	"$(VENV)/lock/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras $(if $(UPGRADE),--upgrade) \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
list_group = "$(python)" -c 'import tomllib; \
	groups = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]; \
	lines = lambda name: [line for one in groups[name] for line in \
		([one] if isinstance(one, str) else lines(one["include-group"]))]; \
	print(*lines("check"), sep="\n")'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check format golden lock bench clean

help: ## Say what can be done
	@echo "decomposer: drafts catalog entries for AI artifacts, with evidence for every sentence"
	@echo
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-14s %s\n' "$$name" "$$text"; done
	@echo
	@echo "PYTHON=... chooses the interpreter (3.11 or newer), VENV=... the environment, SAMPLE=... what demo drafts."

demo: $(runtime) ## Draft an entry from a sample, offline and without a key, and print it with its evidence
	@echo "Drafting samples/$(SAMPLE) with the extractive model: nothing is sent, nothing is saved."
	@cd samples && "$(bin)"/decomposer draft $(SAMPLE) --model extractive --no-save

test: $(everything) ## Run the tests, less the slow ones
	@echo "Running the tests that are quick; \`make check\` runs the others."
	@"$(python)" -m pytest -n 2 -m "not slow"

check: $(everything) ## Check format, lint, types, imports and generated files, and run the slow tests
	@echo "Checking the format, the code, the types and the imports"
	@"$(bin)"/ruff format --check --quiet .
	@"$(bin)"/ruff check --quiet .
	@"$(bin)"/mypy
	@"$(bin)"/lint-imports
	@echo "Checking that schemas, the command reference and the answers of the samples are up to date"
	@"$(python)" -m decomposer.cli.sync --check
	@"$(python)" scripts/golden.py --check
	@"$(python)" scripts/evaluation.py --check
	@echo "Running the tests that are slow"
	@"$(python)" -m pytest -n 2 -m slow

format: $(everything) ## Format the code and put right what can be put right by itself
	@"$(bin)"/ruff format .
	@"$(bin)"/ruff check --fix .

golden: $(everything) ## Write what is generated: schemas, the command reference, answers and figures of the samples
	@"$(python)" -m decomposer.cli.sync
	@"$(python)" scripts/golden.py
	@"$(python)" scripts/evaluation.py

bench: $(everything) ## Measure speed, memory and start-up, and print them (BENCH= takes longer and measures all)
	@"$(python)" benchmarks/draft.py $(BENCH)

# The locks hold digests and no address, so an index of your own (PIP_INDEX_URL) serves as well as the public one.
# pip-compile reads no dependency groups: the group `check`, which includes `test`, is handed over line by line.
lock: $(VENV)/pyvenv.cfg ## Bring both lock files in line with pyproject.toml (UPGRADE=1: with the newest versions)
	@"$(python)" -m venv "$(VENV)/lock"
	@"$(VENV)/lock/bin/python" -m pip install --quiet $(pip_tools)
	@$(compile) --build-deps-for editable --output-file requirements.lock pyproject.toml
	@$(list_group) | $(compile) --constraint requirements.lock --output-file requirements-dev.lock -

clean: ## Remove the environment and what tools left behind
	rm -rf "$(VENV)" build dist benchmarks/results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "$(PYTHON): not found; install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is $$("$(PYTHON)" -V 2>&1): 3.11 or newer is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module; install it (on Debian and Ubuntu: the package python3-venv)" >&2; exit 1; }
	@echo "Creating $(VENV) with $$("$(PYTHON)" -V 2>&1)"
	@"$(PYTHON)" -m venv "$(VENV)"

$(runtime): $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	@echo "Installing decomposer and what it needs into $(VENV)"
	@$(install) -r requirements.lock
	@$(project)
	@touch "$@"

$(everything): $(runtime) requirements-dev.lock
	@echo "Installing what tests and checks need into $(VENV)"
	@$(install) -r requirements-dev.lock
	@touch "$@"
