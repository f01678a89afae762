"""Where things lie. Everything that a run makes is under var/ (or VAR_DIR), which git ignores."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
LOGS = VAR / "log"
RUN_ENV = VAR / "env"
SECRETS = VAR / "secrets.env"
DEV = VAR / "dev"
DEV_ENV = DEV / "env"
