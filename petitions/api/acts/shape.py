"""What an act is to a machine: the shape of its input and the action that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from petitions.api.serializers import ActSerializer

Act = tuple[type[ActSerializer], Callable[..., Any]]
