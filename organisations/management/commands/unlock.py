"""manage.py unlock USERNAME — when the only administrator has locked himself out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.actions import signing_in


class Command(BaseCommand):
    help = "Let a locked login name try again at once. The access log says it was done from the command line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        if not signing_in.unlock(options["username"], by=None):
            raise CommandError(f"{options['username']} 没有被锁定。")
        self.stdout.write(f"{options['username']} 已解除锁定。")
