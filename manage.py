#!/usr/bin/env python
"""Django's command line.

With no DATABASE_URL in the environment it speaks to the embedded servers that `make run` (var/env) or `make services` (var/dev/env) started.
"""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from launch.envfile import read_env_file

RUN_ENVIRONMENTS = ("var/env", "var/dev/env")


def adopt_running_services(root: Path) -> None:
    for name in RUN_ENVIRONMENTS:
        file = root / name
        if "DATABASE_URL" not in os.environ and file.exists():
            for key, value in read_env_file(file).items():
                os.environ.setdefault(key, value)


if __name__ == "__main__":
    adopt_running_services(Path(__file__).resolve().parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
