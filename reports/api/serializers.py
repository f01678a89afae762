"""Measures and figures as machines get them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports.rules.measures import VERSIONS, Measure


class MeasureVersion(serializers.Serializer[Any]):
    """A definition that is no longer in force: periods that ended in its days are counted by it."""

    version = serializers.IntegerField()
    formula = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()


class MeasureRow(serializers.Serializer[Any]):
    """One definition of the dictionary."""

    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    formula = serializers.CharField()
    exclusions = serializers.CharField()
    cites = serializers.CharField()
    sort = serializers.CharField(source="sort.value", help_text="件、人次、%、天")
    kind = serializers.CharField(help_text="petition 或 dispute")
    cohort = serializers.CharField(help_text="按哪个日期计入期间；空的是统计日的存量")
    answers = serializers.CharField(help_text="按单位统计时计在哪个单位")
    better = serializers.CharField(source="better.value", help_text="up 越高越好，down 越低越好，空的没有好坏")
    better_by_unit = serializers.SerializerMethodField(help_text="按单位比较时：同上；随事项转走的空着，不比好坏")
    target = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)
    least = serializers.IntegerField(help_text="少于这么多件不参加排名")
    version = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    former = serializers.SerializerMethodField(help_text="以前的版本，从旧到新")

    @extend_schema_field(serializers.CharField())
    def get_better_by_unit(self, instance: Measure) -> str:
        return instance.direction("unit").value

    @extend_schema_field(MeasureVersion(many=True))
    def get_former(self, instance: Measure) -> Any:
        return MeasureVersion(VERSIONS[instance.code][:-1], many=True).data


class FigureCell(serializers.Serializer[Any]):
    """One figure. `value` is null where there is nothing to divide by or the number is not told (`is_hidden`)."""

    measure = serializers.CharField(source="measure.code")
    version = serializers.IntegerField(source="measure.version")
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True)
    text = serializers.CharField(help_text="显示的文字；不提供的数，不足5件的为“不足5”，其余的为“不列示”")
    is_hidden = serializers.BooleanField(help_text="其他单位的数，不足5件或者可以由它推算的，不提供")
    list_url = serializers.CharField(help_text="这个数背后的清单；不提供的为空")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = super().to_representation(instance)
        if found["is_hidden"]:
            found["numerator"] = found["denominator"] = None
        return found


class FigureLine(serializers.Serializer[Any]):
    """Figures of one town, unit, category … or of the whole (`key` empty)."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    figures = FigureCell(many=True)


class FigureAnswer(serializers.Serializer[Any]):
    """Figures of a selection, with what they are true of."""

    since = serializers.DateField()
    until = serializers.DateField()
    on = serializers.DateField(help_text="统计日")
    ground = serializers.CharField(help_text="统计范围")
    version = serializers.IntegerField(help_text="统计数据的版本，有变化才增加")
    as_of = serializers.DateTimeField(allow_null=True, help_text="统计数据截至")
    results = FigureLine(many=True)
