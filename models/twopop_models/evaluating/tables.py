"""What an evaluation answers with: tables of figures, for people and for machines."""

from __future__ import annotations

import math
from dataclasses import dataclass

from twopop_models.evaluating.statistics import Interval

Cell = str | int | float | Interval | None


@dataclass(frozen=True)
class Table:
    """Rows under columns, and what must be known to read them. ``digits`` are those behind the point."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    digits: int = 2

    def cell(self, row: int, column: str) -> Cell:
        """One cell, by its column's name."""
        return self.rows[row][self.columns.index(column)]


def said(cell: Cell, digits: int = 2) -> str:
    """A cell as people read it.

    >>> said(Interval(0.5, 0.25, 0.75, 9)), said(None)
    ('0.50 [0.25, 0.75]', '-')
    """
    if isinstance(cell, Interval):
        if math.isnan(cell.value):
            return "-"
        return f"{cell.value:.{digits}f} [{cell.low:.{digits}f}, {cell.high:.{digits}f}]"
    if isinstance(cell, float):
        return "-" if math.isnan(cell) else f"{cell:.{digits}f}"
    return "-" if cell is None else str(cell)


def plain(table: Table) -> dict[str, object]:
    """A table as JSON has it; nan is null."""
    rows = [{name: _plain(cell) for name, cell in zip(table.columns, row, strict=True)} for row in table.rows]
    return {"title": table.title, "columns": list(table.columns), "rows": rows, "notes": list(table.notes)}


def _plain(cell: Cell) -> object:
    if isinstance(cell, Interval):
        names = ("value", "low", "high")
        return {name: _plain(getattr(cell, name)) for name in names} | {"count": cell.count}
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
