"""What `gradcheck` found, as a value to ask and as a table to read."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 5  # rows of the table


@dataclass(frozen=True)
class Mismatch:
    """One number of a gradient that is not the measured one."""

    order: int
    input: int
    index: tuple | str  # 'direction 0' where directions were asked for
    analytic: float
    numeric: float
    kink: bool


@dataclass
class Gradcheck:
    """What `gradcheck` found.  It is true where nothing is wrong.

    Attributes
    ----------
    mismatches : list of `Mismatch`, with order, input, index, analytic, numeric.
    compared : int, the numbers that were compared.
    kinks : int, how many of them lie at a kink, where each slope between the left and
        the right one counts as right.
    """

    mismatches: list[Mismatch] = field(default_factory=list)
    compared: int = 0
    kinks: int = 0
    unclear: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, and something was compared if there was any."""
        nothing = self.compared > 0 and self.compared == self.unclear
        return not self.mismatches and not nothing

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        lines = [f"gradcheck: ok, {self.compared} numbers compared"]
        if not self.ok:
            wrong = len(self.mismatches)
            if not wrong:
                return (
                    f"gradcheck: none of {self.compared} numbers could be measured: "
                    "the function is not finite or not smooth there."
                )
            lines = [f"gradcheck: {wrong} of {self.compared} numbers differ", ""]
            lines += _table(self.mismatches[:_SHOWN])
            if wrong > _SHOWN:
                lines.append(f"... and {wrong - _SHOWN} more")
            lines += ["", _advice(self.mismatches)]
        if self.kinks:
            lines.append(
                f"At {self.kinks} of them the function has a kink: there any slope "
                "between the left and the right one is right. Move the point to check "
                "beside it."
            )
        if self.unclear:
            lines.append(
                f"{self.unclear} could not be measured: the function is not smooth "
                "enough there, or not defined on both sides."
            )
        return "\n".join(lines)

    __repr__ = __str__


def _table(rows: list[Mismatch]) -> list[str]:
    cells = [("derivative", "input", "index", "analytic", "numeric", "")]
    for row in rows:
        index = str(row.index) if isinstance(row.index, tuple) else row.index
        numbers = f"{row.analytic:.6g}", f"{row.numeric:.6g}"
        order = "first" if row.order == 1 else "second"
        cells.append((order, str(row.input), index, *numbers, "kink" * row.kink))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(x.ljust(w) for x, w in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _advice(rows: list[Mismatch]) -> str:
    if all(row.order == 2 for row in rows):
        return (
            "The first derivative is right and the second is not: some backward leaves "
            "the graph, by ._array or a value that forward put aside. check_grad of "
            "its class says where."
        )
    return "check_grad(SomeGrad, ...) names the mistake of a single Grad class."
