"""What was measured, as Markdown: tables, targets, verdicts.

    python tests/benchmarks/report.py FILE.json [FILE.json ...]

merges the runs of the files that `training.py --json` wrote.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import growth
import numpy as np
import startup
from rows import CHECKED, ROWS

Result = dict[str, Any]  # of one row in one run, or in several merged
NEAR = 1.1  # times the target: by less, a run meets it or misses it by chance
KERAS = ("Keras on jax", "Keras on tensorflow", "Keras on torch")
TABLES = {
    "`fit`, µs per step": ("fit", ("KeraTorch", *KERAS)),
    "Plain loop, µs per step": (
        "loop",
        ("KeraTorch", "PyTorch", "MyGrad", "autograd", "tinygrad"),
    ),
    "`predict`, µs per batch": ("predict", ("KeraTorch", *KERAS, "PyTorch")),
}


def markdown(measured: dict[str, Any]) -> str:
    """Return the whole report."""
    runs = measured["runs"]
    titles = dict.fromkeys(title for run in runs for title in run["rows"])
    by_run = {t: [run["rows"][t] for run in runs if t in run["rows"]] for t in titles}
    merged = {title: merge(results) for title, results in by_run.items()}
    out = [
        f"{measured['machine']}; {measured['threads']} threads, float32, "
        f"{len(runs)} run(s).",
        "",
        *section("Targets", verdicts(merged, by_run)),
    ]
    for heading, (kind, names) in TABLES.items():
        out += section(heading, times(merged, kind, names))
    out += section("The limit", limits(merged))
    out += section("Peak memory, MB", memory(merged))
    for name in ("textbook", "before"):
        if any(f"KeraTorch {name} fit" in row["times"] for row in merged.values()):
            out += section(f"Against {name}", gains(merged, name))
    for number, run in enumerate(runs, 1):
        which = f", run {number}" if len(runs) > 1 else ""
        if "start" in run:
            out += section(f"Start{which}", startup.lines(run["start"]))
            out += section(f"Growth{which}", growth.lines(run["growth"]))
    return "\n".join([*out, *section("Remarks", remarks(merged))])


def section(heading: str, lines: list[str]) -> list[str]:
    """Return lines under a heading; nothing of a table without columns."""
    if lines[0] == "| |  |":
        return []
    return [f"### {heading}", "", *lines, ""]


def table(columns: list[str], lines: dict[str, list[str]]) -> list[str]:
    """Return a table with a line for each row."""
    return [
        f"| | {' | '.join(columns)} |",
        f"|{' --- |' * (len(columns) + 1)}",
        *(f"| {title} | {' | '.join(cells)} |" for title, cells in lines.items()),
    ]


def merge(results: list[Result]) -> Result:
    """Return one result with the times of all, and of the rest the last."""
    names = dict.fromkeys(name for result in results for name in result["times"])
    times = {
        name: [t for result in results for t in result["times"].get(name, ())]
        for name in names
    }
    return {**results[-1], "times": times}


def median(result: Result, name: str) -> float | None:
    """Return the median time of a contender, None where it is absent."""
    values = result["times"].get(name)
    return statistics.median(values) if values else None


# Targets


class Verdict(NamedTuple):
    """What was measured, and how many times as good as its target it is."""

    value: float
    merit: float

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.merit >= 1

    @property
    def is_near(self) -> bool:
        """Whether it is so near to its target that another run may be beyond."""
        return 1 / NEAR < self.merit < NEAR


def _ratio(other: float | None, ours: float | None, target: float) -> Verdict | None:
    if not other or not ours:
        return None
    return Verdict(other / ours, other / ours / target)


def _fastest_keras(result: Result) -> float | None:
    found = [median(result, f"{name} fit") for name in KERAS]
    return min((t for t in found if t), default=None)


def _by_keras(title: str, result: Result) -> Verdict | None:
    return _ratio(_fastest_keras(result), median(result, "KeraTorch fit"), 1.5)


def _fit_by_torch(title: str, result: Result) -> Verdict | None:
    torch = median(result, "PyTorch loop")
    return _ratio(torch, median(result, "KeraTorch fit"), 1)


def _loop_by_torch(title: str, result: Result) -> Verdict | None:
    torch = median(result, "PyTorch loop")
    return _ratio(torch, median(result, "KeraTorch loop"), 1)


def _by_limit(title: str, result: Result) -> Verdict | None:
    ours, limit = median(result, "KeraTorch fit"), median(result, "products limit")
    target = ROWS[title].limit
    if not ours or not limit:
        return None
    return Verdict(ours / limit, target / (ours / limit) if target else np.inf)


def _by_memory(title: str, result: Result) -> Verdict | None:
    ours = result["memory"].get("KeraTorch")
    others = [result["memory"][n] for n in KERAS if n in result["memory"]]
    if not ours or not others:
        return None
    return Verdict(ours / min(others), min(others) / ours / 3)


def _by_agreement(title: str, result: Result) -> Verdict | None:
    found = differences(result)
    worst = float(np.max([0.0, *found.values()]))  # NaN stays NaN
    merits = [
        allowed(title, name) / value if value else np.inf
        for name, value in found.items()
    ]
    return Verdict(worst, float(np.min([np.inf, *merits])))


TARGETS: dict[str, Callable[[str, Result], Verdict | None]] = {
    "fastest Keras ÷ `fit`: ≥ 1.5": _by_keras,
    "PyTorch ÷ `fit`: ≥ 1": _fit_by_torch,
    "PyTorch ÷ loop: ≥ 1": _loop_by_torch,
    "`fit` ÷ products": _by_limit,
    "memory ÷ leanest Keras: ≤ 0.33": _by_memory,
    "largest disagreement": _by_agreement,
}


def allowed(title: str, name: str) -> float:
    """Return how far a contender may be from ours.

    TensorFlow leaves an embedding's gradient sparse: a word that comes twice in a batch
    is two gradients to Keras's Adam, which squares each.
    """
    words = "vocabulary" in ROWS[title].options
    return 5e-2 if words and "tensorflow" in name else ROWS[title].tolerance


def differences(result: Result) -> dict[str, float]:
    """Return how far each contender's mean loss and outputs are from those of `fit`.

    The loss relatively; of the outputs, probabilities, the largest difference.
    """
    ours = result["checks"].get("KeraTorch fit")
    if not ours:
        return {}
    return {
        name: float(
            np.max(
                [
                    abs(found["loss"] / ours["loss"] - 1),
                    *np.abs(np.subtract(found["outputs"], ours["outputs"])),
                ]
            )
        )
        for name, found in result["checks"].items()
        if name != "KeraTorch fit"
    }


def verdicts(merged: dict[str, Result], by_run: dict[str, list[Result]]) -> list[str]:
    """Return the table of targets; where runs contradict, in how many each is met."""
    lines = {}
    for title, result in merged.items():
        cells = []
        for name, judge in TARGETS.items():
            each = [judge(title, run) for run in by_run[title]]
            cells.append(_cell(name, title, judge(title, result), each))
        lines[title] = cells
    return table(list(TARGETS), lines)


def _cell(
    name: str, title: str, verdict: Verdict | None, each: list[Verdict | None]
) -> str:
    if verdict is None:
        return "–"
    value = verdict.value
    text = f"{value:.0e}" if "disagreement" in name else f"{value:.2f}"
    limit = ROWS[title].limit
    if name == "`fit` ÷ products" and limit:
        text += f" (≤ {limit:g})"
    text = text if verdict.is_met else f"**{text}**"
    met = [v.is_met for v in each if v]
    if len(set(met)) == 1:
        return text
    clear = {v.is_met for v in each if v and not v.is_near}
    if len(clear) < 2:
        return f"{text} (near)"
    return f"{text} ({sum(met)} of {len(met)} runs)"


# Times


def times(merged: dict[str, Result], kind: str, names: tuple[str, ...]) -> list[str]:
    """Return the medians, half the spread between quartiles, and ratios to ours."""
    present = [
        n for n in names if any(f"{n} {kind}" in r["times"] for r in merged.values())
    ]
    lines = {
        title: [_time(result, f"{n} {kind}", f"KeraTorch {kind}") for n in present]
        for title, result in merged.items()
    }
    return table(present, lines)


def _time(result: Result, name: str, ours: str) -> str:
    value, base = median(result, name), median(result, ours)
    if value is None:
        return "–"
    low, high = np.percentile(result["times"][name], (25, 75))
    text = f"{value:,.0f} ±{(high - low) / 2 / value:.0%}"
    return text if name == ours or not base else f"{text} ({value / base:.2f}x)"


def limits(merged: dict[str, Result]) -> list[str]:
    """Return the time of the products alone, and ours over it."""
    lines = {}
    for title, result in merged.items():
        limit = median(result, "products limit")
        ours = [median(result, f"KeraTorch {kind}") for kind in ("fit", "loop")]
        torch = median(result, "PyTorch loop")
        cells = [f"{t / limit:.2f}x" if t and limit else "–" for t in (*ours, torch)]
        lines[title] = [f"{limit:,.0f}" if limit else "–", *cells]
    return table(["products, µs", "KeraTorch fit", "KeraTorch loop", "PyTorch"], lines)


def memory(merged: dict[str, Result]) -> list[str]:
    """Return the peaks of the processes."""
    names = [
        name
        for name in ("KeraTorch", *KERAS, "PyTorch", "MyGrad", "autograd", "tinygrad")
        if any(name in result["memory"] for result in merged.values())
    ]
    lines = {
        title: [
            f"{result['memory'][name]:,.0f}" if name in result["memory"] else "–"
            for name in names
        ]
        for title, result in merged.items()
    }
    return table(names, lines)


def gains(merged: dict[str, Result], name: str) -> list[str]:
    """Return how much faster ours is than the textbook, or than an older checkout."""
    kinds = ("fit", "loop", "predict")
    lines = {}
    for title, result in merged.items():
        found = []
        for kind in kinds:
            ours, other = (
                median(result, f"{n} {kind}")
                for n in ("KeraTorch", f"KeraTorch {name}")
            )
            found.append(
                f"{other:,.0f} ({other / ours:.2f}x)" if ours and other else "–"
            )
        lines[title] = found
    return table([f"{kind}, µs" for kind in kinds], lines)


def remarks(merged: dict[str, Result]) -> list[str]:
    """Return which variants were chosen, who was absent, and who disagrees."""
    out = []
    for title, result in merged.items():
        variants = ", ".join(f"{n}: {note}" for n, note in result["notes"].items())
        out.append(f"- {title}: {variants}.")
        out += [f"  - absent: {n}: {why}" for n, why in result["absent"].items()]
        out += [
            f"  - disagrees after {CHECKED} steps: {name} by {value:.1e}"
            for name, value in differences(result).items()
            if not value <= allowed(title, name)
        ]
    return out


if __name__ == "__main__":
    files = [json.loads(Path(name).read_text()) for name in sys.argv[1:]]
    print(markdown({**files[0], "runs": [r for file in files for r in file["runs"]]}))
