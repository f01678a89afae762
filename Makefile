# make run        brings the house up on http://127.0.0.1:8000 (Ctrl-C stops it)
# make test       lint, types, contracts, every test, the browser tests    (ARGS="tests/petitions -k route" for a part of the tests)
# make services   only a PostgreSQL and a Valkey for single tests while developing; writes var/dev/env
# make lock       resolves pyproject.toml anew into the two requirements files

UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo "$$p"; break; }; done)
# Two stamps, because the development set contains the other: `make run` after `make test` must not throw the larger set away.
RUN_STAMP := $(VENV)/.installed-requirements
DEV_STAMP := $(VENV)/.installed-requirements-dev

# uv with its own certificates, then with the machine's (an inspecting proxy), then pip: the hashes are checked in all three.
SYNC := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip sync -q -p $(BIN)/python --require-hashes
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
define install
	@echo "安装依赖 $(1) …"
	@{ $(SYNC) $(1) || $(SYNC) --system-certs $(1) || $(PIP) --require-hashes -r $(1); } 2>$(VENV)/install.log \
		|| { cat $(VENV)/install.log; echo "安装依赖没有成功，原因见上"; exit 1; }
endef

.PHONY: run test services lock clean

run: $(RUN_STAMP)
	@exec $(BIN)/python -m launch run

test: $(DEV_STAMP)
	@exec $(BIN)/python -m launch test $(ARGS)

services: $(DEV_STAMP)
	@exec $(BIN)/python -m launch services --detach

lock: | $(BIN)/python
	tools/lock.sh

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11–3.13（命令 python3），本机没有找到。Debian/Ubuntu：sudo apt-get install -y python3 python3-venv"; exit 1; }
	@echo "建立 Python 环境 $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "建立失败，多半缺少 venv。Debian/Ubuntu：sudo apt-get install -y python3-venv"; exit 1; }
	@$(PIP) uv==$(UV_VERSION) 2>$(VENV)/install.log || echo "没有装上 uv，改用 pip（较慢）"

$(RUN_STAMP): requirements.txt | $(BIN)/python
	$(call install,requirements.txt)
	@rm -f $(DEV_STAMP)
	@touch $@

$(DEV_STAMP): requirements-dev.txt requirements.txt | $(BIN)/python
	$(call install,requirements-dev.txt)
	@touch $(RUN_STAMP) $@

clean:
	rm -rf $(VENV) staticfiles
