"""What is typed on the import pages."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.widgets import styled
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from petitions import codes
from petitions.imports import mapping
from petitions.imports.batches import MAX_BYTES


class UploadForm(forms.Form):
    file = forms.FileField(
        label="台账文件",
        help_text=".xlsx、.csv 或 .csv.gz，第一行为列名，最大 50 兆。",
        widget=forms.FileInput(attrs={"data-max-mib": MAX_BYTES // 2**20}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class MappingForm(forms.Form):
    """One select per field of the registration, filled with the file's columns; and what the file does not say."""

    area_id = forms.TypedChoiceField(label="属地（文件未写明时）", coerce=int)
    received_on = forms.DateField(label="信访日期（文件未写明时）")
    channel = forms.ChoiceField(label="信访形式（文件未写明时）", choices=codes.CHANNELS.choices)
    purpose = forms.ChoiceField(label="信访目的（文件未写明时）", choices=codes.PURPOSES.choices)
    with_replies = forms.BooleanField(label="连同答复导入，按原日期走完办理流程", required=False)
    unit_id = forms.TypedChoiceField(label="承办单位", coerce=int, empty_value=None, required=False)
    handler_id = forms.TypedChoiceField(label="承办人", coerce=int, empty_value=None, required=False)
    head_id = forms.TypedChoiceField(label="审签人", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "（不导入）"), *((name, name) for name in columns)]
        for target in mapping.TARGETS:
            self.fields[f"column_{target.key}"] = forms.ChoiceField(label=target.label, choices=choices, required=target.needed)
        tree = directory.current()
        self.fields["area_id"].choices = [  # type: ignore[attr-defined]
            (area.id, area.name) for area in tree.areas.values() if area.level != "village"
        ]
        self.fields["unit_id"].choices = [  # type: ignore[attr-defined]
            ("", "（请选择）"),
            *((u.id, u.short_name) for u in tree.units.values() if u.is_active and u.id != tree.centre_id and u.kind not in directory.ROOMS),
        ]
        for name, role in (("handler_id", Role.HANDLER), ("head_id", Role.HEAD)):
            posts = Post.objects.current(clock.today()).filter(role=role, user__is_active=True)
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", "（请选择）"),
                *((p.user_id, f"{p.user.name} · {p.unit.short_name}") for p in posts.select_related("user", "unit")),
            ]
        styled(self)

    def columns(self) -> dict[str, str]:
        """Target → column as chosen."""
        return {target.key: self.cleaned_data[f"column_{target.key}"] for target in mapping.TARGETS}

    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{target.key}"] for target in mapping.TARGETS]

    def options(self) -> mapping.Options:
        names = (
            "area_id",
            "received_on",
            "channel",
            "purpose",
            "with_replies",
            "unit_id",
            "handler_id",
            "head_id",
        )
        return mapping.Options(**{name: self.cleaned_data[name] for name in names})


class UndoForm(forms.Form):
    reason = forms.CharField(label="撤销原因", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
