"""A process that registers petitions one after the other and says each number once it is committed.

    python -m tests.launch.writer build          the small county
    python -m tests.launch.writer write          until killed: "<submission> <number>" a line

A failed registration is sent again with the same submission, as a browser does.
"""

import os
import sys
import time
import uuid

import django
from django.db import DatabaseError, connection


def build() -> None:
    from tests.factories import county

    county.build()


def write() -> None:
    from django.utils import timezone

    from organisations.models import Area, User
    from organisations.scope import scope_of
    from petitions import actions
    from tests.factories.county import County
    from tests.factories.petitions import intake

    county = County(areas={"jiuqu": Area.objects.get(code="370685104201")})
    by = scope_of(User.objects.get(username="clerk"), timezone.localdate())
    while True:
        submission = uuid.uuid4()
        while True:
            try:
                petition = actions.register(intake(county, submission=submission), by=by)
            except DatabaseError:
                connection.close()
                time.sleep(0.1)
            else:
                break
        sys.stdout.write(f"{submission} {petition.case.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    {"build": build, "write": write}[sys.argv[1]]()
