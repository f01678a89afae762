"""What the apps above put on the home page, registered at start-up: the docket never looks upward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework.kinds import Panel
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Words:
    """A few words that lead somewhere; without an address only words."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with what it is, how it changed and why. `hint` is its definition in words, `tone` that of a lamp or empty."""

    label: str
    value: Words
    unit: str = ""
    notes: tuple[Words, ...] = ()
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A group of tiles under a heading, with the page that says more."""

    label: str
    tiles: tuple[Tile, ...]
    more: Words
    note: str = ""


Source = Callable[[Scope], Addition | None]
PanelSource = Callable[[Scope], list[Panel]]
_sources: list[Source] = []
_panel_sources: list[PanelSource] = []


def register(source: Source) -> None:
    """`source` says what a person's roles are shown, None for nothing. Called once, by an app's ready()."""
    _sources.append(source)


def register_panels(source: PanelSource) -> None:
    """`source` gives lists like those a kind of case keeps for a person. Called once, by an app's ready()."""
    _panel_sources.append(source)


def panels(scope: Scope) -> list[Panel]:
    return [panel for source in _panel_sources for panel in source(scope)]


def of(scope: Scope) -> list[Addition]:
    """The additions for one person, in the order in which the apps came."""
    return [found for source in _sources if (found := source(scope)) is not None]
