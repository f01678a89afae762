"""python -m launch run | test [pytest arguments] | services [--detach | --stop]"""

import argparse
import sys

from launch import check, run, services
from launch.say import Refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the whole house in the foreground, until Ctrl-C")
    commands.add_parser("test", help="every check; with arguments only pytest with these", add_help=False)
    dev = commands.add_parser("services", help="PostgreSQL and Valkey for development, writes var/dev/env")
    how = dev.add_mutually_exclusive_group()
    how.add_argument("--detach", action="store_true", help="return when they answer and leave them running")
    how.add_argument("--stop", action="store_true", help="stop the detached ones")
    asked, rest = parser.parse_known_args()
    if rest and asked.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        if asked.command == "run":
            return run.run()
        if asked.command == "test":
            return check.test(rest)
        if asked.stop:
            return services.stop()
        return services.detach() if asked.detach else services.serve()
    except Refused as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
