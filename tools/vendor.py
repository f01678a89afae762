"""Fetch the pinned browser files again: `python tools/vendor.py`. `--check` only compares what is here with static/vendor/vendor.json.

vendor.json names each npm package, its version, licence and files with their SHA-256, and the icons cut into static/icons.svg.
Node is needed for fetching only, never for running or testing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "static" / "vendor" / "vendor.json"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(package: str, version: str, into: Path) -> Path:
    """Fetch one package with npm as it is set up on this machine. Raises CalledProcessError when npm cannot."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch; the files here can be used without it")
    done = subprocess.run([npm, "pack", "--silent", f"{package}@{version}"], cwd=into, check=True, capture_output=True, text=True)
    packed = done.stdout.split()[-1]
    target = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def sprite(icons: list[str], folder: Path) -> str:
    """One <symbol id="i-name"> per outline icon, stripped of everything the stylesheet sets."""
    symbols = []
    for name in sorted(set(icons)):
        inner = re.search(r"<svg[^>]*>(.*)</svg>", (folder / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)
        if inner is None:
            raise SystemExit(f"not an icon: {name}")
        paths = re.sub(r"\s*\n\s*", "", inner[1]).replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def fetch(listed: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as made:
        for entry in listed["packages"]:
            source = unpack(entry["package"], entry["version"], Path(made))
            for file in entry["files"]:
                target = ROOT / file["to"]
                if file["from"] == "sprite":
                    target.write_text(sprite(listed["icons"], source / "icons" / "outline"), encoding="utf-8")
                else:
                    target.write_bytes((source / file["from"]).read_bytes())
                file["sha256"] = sha256(target)
    LIST.write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def differing(listed: dict[str, Any]) -> list[str]:
    """The files whose bytes are not those of the list."""
    return [f["to"] for entry in listed["packages"] for f in entry["files"] if sha256(ROOT / f["to"]) != f["sha256"]]


if __name__ == "__main__":
    held = json.loads(LIST.read_text(encoding="utf-8"))
    if sys.argv[1:] != ["--check"]:
        fetch(held)
    wrong = differing(held)
    sys.exit(f"differs from vendor.json: {', '.join(wrong)}" if wrong else 0)
