# The verbs; what they do lives in bin/. Variables: PORT VAR_DIR WEB_PROCESSES DEMO_PASSWORD (run), ONLY (bench).
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench rows lock clean

help: ## list these verbs
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## run the whole product here: PORT=8000 VAR_DIR=./var
	@exec bin/run --parent $$PPID

test: ## run every test: Python, browser, JavaScript
	@bin/test

check: ## run every check that needs no test: format, types, architecture, schema, dependencies
	@bin/check

fix: ## format and mend what can be mended by a machine
	@bin/fix

bench: ## measure against ceilings of the same run: ONLY=name for one
	@bin/bench

rows: ## print each row of the mission, its tests, passed or not
	@bin/rows

lock: ## pin the dependencies of pyproject.toml anew
	@bin/bootstrap --dev && bin/lock

clean: ## remove the environment and caches; ./var with your data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache && find . -name __pycache__ -prune -exec rm -rf {} +
