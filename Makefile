# The verbs of this clone. `make` alone lists them. GNU make 3.81 (macOS) is enough.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install lab test lint pytest node-test nbval browser notebooks bench mutants

BIN := .venv/bin
ARGS ?=
# Tests run on as many cores as there are, four at most; WORKERS= runs them in one process.
WORKERS ?= -n auto --maxprocesses 4 --dist worksteal
heading = printf '\n== %s ==\n' "$(1)"
# A notebook runs as it was built: nothing of the learner's, of another Jupyter or of another hash seed reaches it.
# The archive of flights is built once for all tests.
NOTEBOOK_HOME = home="$$(mktemp -d)" && trap 'rm -rf "$$home"' EXIT && env -u PYTHONPATH -u JUPYTER_PATH \
    KIT_BUILD=1 KIT_HOME="$$home" KIT_DATA="$(CURDIR)/work/.test-data" PYTHONHASHSEED=0 JUPYTER_PREFER_ENV_PATH=1 \
    JUPYTER_CONFIG_DIR="$$home/.jupyter" JUPYTER_DATA_DIR="$$home/.jupyter/data" \
    JUPYTER_RUNTIME_DIR="$$home/.jupyter/runtime" IPYTHONDIR="$$home/.ipython"

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

install: ## make .venv from requirements.lock (once: one to three minutes)
	@./install.sh

lab: install ## open the course in JupyterLab (ARGS=--no-browser prints the address instead)
	@$(BIN)/kit lab $(ARGS)

test: install lint pytest node-test nbval browser ## run every test, in this order, up to the first that fails
	@$(call heading,all tests passed)

lint: install ## ruff, formatting, strict types, directions of imports
	@$(call heading,ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(call heading,mypy)
	$(BIN)/mypy
	@$(call heading,import-linter)
	$(BIN)/lint-imports

pytest: install ## the Python tests but the browser's (ARGS="-k word" for some)
	@$(call heading,pytest)
	$(BIN)/pytest $(WORKERS) --ignore=tests/browser $(ARGS)

node-test: ## the tests of the widgets' JavaScript
	@$(call heading,node --test)
	@found="$$(find tests kit -name '*.test.js' -o -name '*.test.mjs')"; \
	if [ -z "$$found" ]; then \
	    echo "FAILED: no *.test.js and no *.test.mjs below tests or kit"; exit 1; \
	elif command -v node >/dev/null 2>&1; then \
	    node --test $$found; \
	elif [ "$${CI:-}" = true ] || [ "$${KIT_REQUIRE_REAL:-}" = 1 ]; then \
	    echo "FAILED: real part missing: node: no \`node\` on PATH (Debian: apt-get install nodejs)"; exit 1; \
	else \
	    echo "SKIPPED: real part missing: node: no \`node\` on PATH (Debian: apt-get install nodejs)"; \
	fi

nbval: install ## the notebooks again, each stored output compared
	@$(call heading,nbval)
	@$(NOTEBOOK_HOME) $(BIN)/pytest --nbval --nbval-cell-timeout=60 notebooks

browser: install ## a lesson walked in the system's Chromium
	@$(call heading,browser)
	$(BIN)/pytest tests/browser

notebooks: install ## build the notebooks again from notebooks/source
	@$(BIN)/python -m kit.lab.build $(ARGS)

bench: install ## print today's speed as ratios
	@$(BIN)/python -m tests.bench $(ARGS)

mutants: install ## judge every mutant of every solution: minutes (ARGS="ID --right" for some)
	@$(BIN)/python -m kit.grading.mutants $(ARGS)
