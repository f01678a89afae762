# make run    brings the house up on http://127.0.0.1:8000 (Ctrl-C stops it)
# make test   lint, types, contracts, every test, the browser tests    (ARGS="tests/petitions -k route" for a part of the tests)
# make services   only a PostgreSQL and a Valkey for single tests while developing; writes var/dev/env

UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo "$$p"; break; }; done)
SYNC := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip sync -q -p $(BIN)/python --require-hashes
# Two stamps, because the development set contains the other: `make run` after `make test` must not throw the larger set away.
RUN_STAMP := $(VENV)/.installed-requirements
DEV_STAMP := $(VENV)/.installed-requirements-dev

.PHONY: run test services lock clean

run: $(RUN_STAMP)
	@exec $(BIN)/python -m launch run

test: $(DEV_STAMP)
	@exec $(BIN)/python -m launch test $(ARGS)

services: $(DEV_STAMP)
	@exec $(BIN)/python -m launch services --detach

lock: $(BIN)/uv
	tools/lock.sh

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11–3.13（命令 python3），本机没有找到。Debian/Ubuntu: apt-get install -y python3 python3-venv"; exit 1; }
	@echo "建立 Python 环境 $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "建立失败：多半缺少 venv。Debian/Ubuntu: apt-get install -y python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) || { rm -rf $(VENV); exit 1; }

$(RUN_STAMP): requirements.txt | $(BIN)/uv
	@echo "安装依赖 requirements.txt …"
	@$(SYNC) requirements.txt
	@rm -f $(DEV_STAMP)
	@touch $@

$(DEV_STAMP): requirements-dev.txt requirements.txt | $(BIN)/uv
	@echo "安装依赖 requirements-dev.txt …"
	@$(SYNC) requirements-dev.txt
	@touch $(RUN_STAMP) $@

clean:
	rm -rf $(VENV) staticfiles
