# The verbs of this clone. `make` alone lists them. GNU make 3.81 (macOS) is enough.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install lab test lint pytest node-test nbval browser notebooks bench

BIN := .venv/bin
ARGS ?=
heading = printf '\n== %s ==\n' "$(1)"
# Tests, the notebook build and nbval never touch the learner's folders; the archive of flights is built once for all.
TEST_HOMES = KIT_HOME="$$(mktemp -d)" KIT_DATA="$(CURDIR)/work/.test-data"

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
	$(BIN)/pytest --ignore=tests/browser $(ARGS)

node-test: ## the tests of the widgets' JavaScript
	@$(call heading,node --test)
	@if command -v node >/dev/null 2>&1; then \
	    node --test $$(find tests kit -name '*.test.js' -o -name '*.test.mjs'); \
	elif [ "$${CI:-}" = true ] || [ "$${KIT_REQUIRE_REAL:-}" = 1 ]; then \
	    echo "FAILED: real part missing: node: no \`node\` on PATH (Debian: apt-get install nodejs)"; exit 1; \
	else \
	    echo "SKIPPED: real part missing: node: no \`node\` on PATH (Debian: apt-get install nodejs)"; \
	fi

nbval: install ## the notebooks again, each stored output compared
	@$(call heading,nbval)
	$(TEST_HOMES) PYTHONHASHSEED=0 $(BIN)/pytest --nbval --nbval-cell-timeout=60 notebooks

browser: install ## a lesson walked in the system's Chromium
	@$(call heading,browser)
	$(BIN)/pytest tests/browser
