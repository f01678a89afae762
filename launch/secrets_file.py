"""The secrets of the embedded run: made once, kept in var/secrets.env (mode 0600). Losing FIELD_KEYS loses the encrypted numbers."""

import secrets
from pathlib import Path

from launch.envfile import read_env_file, write_env_file
from launch.servers import password


def fresh_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{secrets.token_hex(16)}",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "POSTGRES_PASSWORD": password(),
        "VALKEY_PASSWORD": password(),
    }


def kept_secrets(path: Path) -> dict[str, str]:
    """What the file holds, completed with new values for names it does not have yet."""
    kept = read_env_file(path) if path.exists() else {}
    complete = {**fresh_secrets(), **kept}
    if complete != kept:
        write_env_file(path, complete)
    return complete
