"""The act of what was prevented: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import prevention
from mediation.forms.acts import prevention as forms

ACTS: dict[str, Entry] = {
    "prevent": Entry(forms.PreventForm, prevention.prevent, "登记防止激化", "已登记", needs_rows=False),
}
