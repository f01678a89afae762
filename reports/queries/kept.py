"""What was read from facts is kept until a fact changes: the next who asks the same on the same day gets it at once.

The key holds the facts' version, which rises with every change, and the day, because «overdue» begins at midnight. So
nothing kept is ever older than the facts themselves, and nothing has to be thrown away. Without a cache everything is read.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from organisations import clock
from reports.models import FactState
from reports.queries import tallies

Found = TypeVar("Found")
#: Words beside the figures (a title put right) are not facts: they follow after so long.
_SECONDS = 300


def of(name: str, asked: object, make: Callable[[], Found]) -> Found:
    """What `make` gives for `asked`, made once for each version of the facts.

    `asked` holds everything the answer hangs on beside facts and day, and its `repr` says it: a Selection, a person's
    readers. The answer can be pickled.
    """
    state = FactState.objects.values_list("version", "changed_at").first()
    words = f"{state} {clock.today()} {tallies.fingerprint()} {asked!r}"
    key = f"reports:{name}:{sha256(words.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, _SECONDS)
    return found
