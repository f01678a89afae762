"""What machines send to acts on cases of any kind, checked for shape; the rules decide in the actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from organisations import directory


def _no_nul(value: str) -> None:
    """PostgreSQL holds no NUL; a clear sentence instead of an error from below."""
    if "\x00" in value:
        raise serializers.ValidationError("含有不能保存的字符。")


class Text(serializers.CharField):
    """Text as people type it: trimmed, not empty unless allowed, of a stated length."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, validators=[_no_nul], **options)


class UnitField(serializers.IntegerField):
    """An id of a unit in the directory."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        unit_id = super().to_internal_value(data)
        unit = directory.current().units.get(unit_id)
        if unit is None or not unit.is_active:
            raise serializers.ValidationError("没有这个单位，或已撤销。")
        return unit_id


class Person(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)


class ActSerializer(serializers.Serializer[dict[str, Any]]):
    """What every act takes: the version the sender saw (a stale one is refused with 409)."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)


class NoInput(ActSerializer):
    pass


class WordsInput(ActSerializer):
    words = Text(1000)


class OptionalWordsInput(ActSerializer):
    words = Text(1000, default="", allow_blank=True)


class ReasonInput(ActSerializer):
    reason = Text(500)


class NoteInput(ActSerializer):
    text = Text(4000)
    happened_at = serializers.DateTimeField(allow_null=True, default=None)
    is_internal = serializers.BooleanField(default=False)


class HandOverInput(WordsInput):
    to_user_id = Person()


class LinkInput(ReasonInput):
    other = serializers.CharField(max_length=24)
    kind = serializers.ChoiceField([("repeat", "重复"), ("related", "关联")])


class UnlinkInput(ReasonInput):
    other = serializers.CharField(max_length=24)


class MergeInput(ReasonInput):
    into = serializers.CharField(max_length=24)
