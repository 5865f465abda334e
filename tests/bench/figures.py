"""A measured figure, beside its ceiling and its goal, on paper and in JSON."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.processes import load_average


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``value`` is the median of ``runs``. Either it or its ratio to the ceiling has to stay within the goal."""

    name: str
    unit: str
    runs: Sequence[float]
    ceiling: float | None = None
    at_most: float | None = None
    ratio_at_least: float | None = None
    ratio_at_most: float | None = None
    load: float = 0.0

    @property
    def value(self) -> float:
        return statistics.median(self.runs)

    @property
    def ratio(self) -> float | None:
        return self.value / self.ceiling if self.ceiling else None

    @property
    def goal(self) -> str | None:
        goals = ((self.at_most, "≤"), (self.ratio_at_least, "ratio ≥"), (self.ratio_at_most, "ratio ≤"))
        return next((f"{sign} {goal:g}" for goal, sign in goals if goal is not None), None)

    @property
    def is_met(self) -> bool:
        ratio = self.ratio or 0.0
        return (
            (self.at_most is None or self.value <= self.at_most)
            and (self.ratio_at_least is None or ratio >= self.ratio_at_least)
            and (self.ratio_at_most is None or ratio <= self.ratio_at_most)
        )

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "ceiling": None if self.ceiling is None else _short(self.ceiling),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "goal": self.goal,
            "is_met": self.is_met,
            "spread": [_short(run) for run in self.runs],
            "load": round(self.load, 2),
        }


def figure(name: str, unit: str, runs: Iterable[float], **goals: float | None) -> Figure:
    return Figure(name=name, unit=unit, runs=list(runs), load=load_average(), **goals)


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _short(number: float) -> float:
    return round(number) if abs(number) >= 1000 else float(f"{number:.3g}")


HEADINGS = ("figure", "value", "unit", "ceiling", "ratio", "goal", "", "spread", "load")


def as_table(figures: Sequence[Figure]) -> str:
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    shown = figure.as_json
    verdict = "" if figure.goal is None else "ok" if figure.is_met else "MISSED"
    spread = " ".join(f"{run:g}" for run in sorted(shown["spread"]))
    blank = {name: "" if shown[name] is None else str(shown[name]) for name in ("value", "ceiling", "ratio", "goal")}
    return (
        figure.name, blank["value"], figure.unit, blank["ceiling"], blank["ratio"], blank["goal"], verdict, spread,
        str(shown["load"]),
    )  # fmt: skip


def write(path: Path, figures: Sequence[Figure]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([figure.as_json for figure in figures], ensure_ascii=False, indent=1) + "\n", "utf-8")
