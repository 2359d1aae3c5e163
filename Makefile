# `make bulletin` builds the sample newsroom's editions into out/; `make test` runs all checks and tests.
# Both set up what is missing: a virtual environment in .venv and, on Debian, the system packages named below.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Pango draws the text of the PDFs; OpenSSH signs and checks.
SYSTEM := libpangoft2-1.0-0 libharfbuzz-subset0 openssh-client
# The tests hold our catalogs against gettext's own tools, and look at pages in a real browser, which Playwright's
# driver steers; the driver needs libatomic. The translator's session is typed into in tmux; pgrep finds it there.
SYSTEM_TEST := gettext chromium libatomic1 tmux procps

.PHONY: bulletin test setup setup-test clean

bulletin: setup
	@$(BIN)/workflow build

test: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest

setup: $(VENV)/.installed
	@$(call ensure,$(SYSTEM),$(BIN)/python -c 'import ctypes; ctypes.CDLL("libpangoft2-1.0.so.0"); ctypes.CDLL("libharfbuzz-subset.so.0")' && command -v ssh-keygen)

setup-test: setup $(VENV)/.installed-test
	@$(call ensure,$(SYSTEM_TEST),command -v msgcat && command -v chromium && command -v tmux && command -v pgrep && $(BIN)/python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")')

$(VENV)/bin/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) .workflow out/web out/print out/drafts out/manifest.json

# $(call ensure,packages,command that succeeds once they are there)
define ensure
( $(2) ) >/dev/null 2>&1 || { \
  echo "installing $(1)"; \
  SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
  $$SUDO apt-get update -qq && \
  $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }
endef
