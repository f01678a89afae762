"""Where things lie. Everything that a run makes is under var/, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
RUN_ENV = VAR / "env"
SECRETS = VAR / "secrets.env"
DEV = VAR / "dev"
DEV_ENV = DEV / "env"
