"""The court desk 便民巡回法庭 (HALL-17): 接访 立案 庭前 庭审 庭后 执行, fees waived, back to the case."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
