"""python -m launch run | test | services"""

import argparse
import sys

from launch import services
from launch.say import Refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dev = commands.add_parser("services", help="PostgreSQL and Valkey for development, writes var/dev/env")
    how = dev.add_mutually_exclusive_group()
    how.add_argument("--detach", action="store_true", help="return when they answer and leave them running")
    how.add_argument("--stop", action="store_true", help="stop the detached ones")
    asked = parser.parse_args()
    try:
        if asked.stop:
            return services.stop()
        return services.detach() if asked.detach else services.serve()
    except Refused as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
