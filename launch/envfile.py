"""KEY=value files: one per line, no quoting, `#` starts a comment line. A shell can source them."""

import os
from collections.abc import Mapping
from pathlib import Path


def read_env_file(path: Path) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, value = line.partition("=")
            pairs[key.strip()] = value.strip()
    return pairs


def write_env_file(path: Path, pairs: Mapping[str, str]) -> None:
    """Readable by its owner only, and never half written: the file appears by a rename."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in pairs.items())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
