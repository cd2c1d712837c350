# Everything a clone needs: `make demo`, `make test`, and for changes `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 3 # tests wait for jobs and screens a third of the time
FOLDER ?= # where `make bench` keeps its large workspaces; without one they are made each time

.PHONY: demo demo-off-topic demo-loop test check lint bench documents pictures clean

demo: $(INSTALLED)
	$(BIN)/backquery demo demo-workspace

demo-off-topic: $(INSTALLED)
	$(BIN)/backquery demo demo-off-topic --task off-topic

demo-loop: $(INSTALLED)
	$(BIN)/backquery demo demo-loop --loop

test: export PYTHONDONTWRITEBYTECODE =# so that what tests start need not be compiled each time
test: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: lint test

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)
	$(BIN)/python -m tests.benchmarks $(FOLDER)

documents: $(INSTALLED)
	$(BIN)/python -m tests.documents

# A demo that is done is only shown again; without a terminal it ends there.
pictures: $(INSTALLED)
	$(BIN)/backquery demo demo-workspace < /dev/null
	$(BIN)/python -m tests.illustrations demo-workspace docs/pictures

$(INSTALLED): requirements.lock torch.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet -r torch.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
