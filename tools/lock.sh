#!/bin/sh
# Re-lock the two requirements files from pyproject.toml. Existing pins are kept unless a name is given with --upgrade-package NAME (or --upgrade).
# The output holds versions and hashes only: no registry address belongs in this repository.
set -eu
cd "$(dirname "$0")/.."
compile="env UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile -q -p .venv/bin/python --universal --generate-hashes --no-header --no-annotate --no-emit-index-url"
$compile pyproject.toml -o requirements.txt "$@"
$compile pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt "$@"
wc -l requirements.txt requirements-dev.txt
