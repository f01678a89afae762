"""How long dossiers of one difficulty are kept, as a setting."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import day, prose
from casework.widgets import styled
from mediation import codes
from mediation.actions.keepterms import LEAST, MOST


class KeepTermForm(forms.Form):
    difficulty = forms.ChoiceField(label="难易程度", choices=lambda: codes.DIFFICULTIES.choices)
    years = forms.IntegerField(label="保管年数", min_value=LEAST, max_value=MOST, required=False, help_text=f"不少于{LEAST}年；不填就是永久。")
    valid_from = day("施行日")
    reason = prose("依据", rows=2, longest=200, help_text="哪个文件、哪一条。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)
