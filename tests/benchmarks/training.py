"""Training with KeraTorch and its peers: the whole table.

    python tests/benchmarks/training.py --peers DIR [--rows PATTERN] [--rounds 5]
        [--starts 1] [--runs 1] [--threads 2] [--json FILE] [--slow] [--before CHECKOUT]

DIR is what `peers.py` built.  Each contender works in a process of its own, which stays
alive during a row and trains for a round when it is its turn.  Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import growth
import report
import startup
from helpers_memory import HelpersMemory
from peers import ROOT, environment, pythons, versions
from rows import ROWS

HERE = Path(__file__).resolve().parent
# The contenders of every row, and the environment of each.
NAMES = {
    "KeraTorch": "ours",
    "Keras on jax": "peers",
    "Keras on tensorflow": "tf",
    "Keras on torch": "peers",
    "PyTorch": "peers",
    "MyGrad": "peers",
    "autograd": "peers",
    "tinygrad": "peers",
    "products": "ours",
}
PAUSE = 0.05  # seconds in which the threads of the last contender fall asleep
TRAINED = ("fit", "loop", "limit")  # what the verdicts compare
ALIKE = 0.03  # by how much two processes of a contender may differ


class Child:
    """The process of one contender."""

    def __init__(self, name: str, python: str, threads: int, checkout: Path):
        self.name = name
        self.ended = False
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            [python, str(HERE / "contenders.py"), name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment(threads, checkout),
            text=True,
        )

    @property
    def number(self) -> int:
        """The number that the system gave the process."""
        return self._process.pid

    def send(self, **command: Any) -> None:
        """Tell it what to do."""
        if self.ended:
            return
        try:
            assert self._process.stdin
            print(json.dumps(command), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            self.ended = True

    def answer(self) -> dict[str, Any]:
        """Wait for what it answers: {"error": ...} where it failed."""
        assert self._process.stdout
        line = self._process.stdout.readline() if not self.ended else ""
        if line:
            return json.loads(line)
        self.ended = True
        self._log.seek(0)
        return {"error": f"its process ended: {self._log.read()[-300:]}"}

    def ask(self, **command: Any) -> dict[str, Any]:
        """Tell it what to do, and wait."""
        self.send(**command)
        return self.answer()

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


# One row


def measure_row(
    title: str, found: dict[str, str], arguments: argparse.Namespace
) -> dict[str, Any]:
    """Return the times, peaks, losses and notes of all contenders of a row.

    Those that a verdict may hang on start again until their two fastest processes
    agree; of these count the times of the fastest.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _measure_row(title, found, arguments, f"{folder}/weights.npz")


def _measure_row(
    title: str, found: dict[str, str], arguments: argparse.Namespace, weights: str
) -> dict[str, Any]:
    names = wanted(title, found, arguments)
    result = measure_processes(title, names, weights, arguments, first=True)
    medians = {
        timed: [statistics.median(times)] for timed, times in result["times"].items()
    }
    for _ in range(arguments.starts - 1):
        unsettled = [
            name
            for name in names
            if is_in_the_lead(name[0], medians) and not is_settled(name[0], medians)
        ]
        if not unsettled:
            break
        again = measure_processes(title, unsettled, weights, arguments, first=False)
        result["absent"].update(again["absent"])
        for timed, times in again["times"].items():
            medians.setdefault(timed, []).append(statistics.median(times))
            if medians[timed][-1] == min(medians[timed]):
                result["times"][timed] = times
                result["notes"].update(note_of(timed, again))
    result["processes"] = medians
    return result


def is_in_the_lead(name: str, medians: dict[str, list[float]]) -> bool:
    """Return whether a verdict may hang on a contender.

    Of Keras's backends those that take less than twice the time of the fastest.
    """
    fits = {
        timed.removesuffix(" fit"): min(each)
        for timed, each in medians.items()
        if timed.startswith("Keras on") and timed.endswith(" fit")
    }
    if name in fits:
        return fits[name] < 2 * min(fits.values())
    return name.startswith(("KeraTorch", "PyTorch", "products"))


def is_settled(name: str, medians: dict[str, list[float]]) -> bool:
    """Return whether the two fastest processes of a contender agree in what they train.

    One process may be slow for as long as it lives, by where its memory and its threads
    came to lie: two that are fast alike show what the contender can do.
    """
    each = [medians[t] for t in (f"{name} {kind}" for kind in TRAINED) if t in medians]
    return all(
        len(times) > 1 and sorted(times)[1] <= (1 + ALIKE) * min(times)
        for times in each
    )


def note_of(timed: str, result: dict[str, Any]) -> dict[str, str]:
    """Return by name the note to what was timed, if there is one."""
    return {timed: result["notes"][timed]} if timed in result["notes"] else {}


def measure_processes(
    title: str,
    names: list[tuple[str, str, Path]],
    weights: str,
    arguments: argparse.Namespace,
    first: bool,
) -> dict[str, Any]:
    """Start contenders, and return what they did.

    Those that start again train alone: what else they do was measured. All begin with
    the weights that the first of the first ones, ours, writes.
    """
    result: dict[str, Any] = {
        key: {} for key in ("times", "memory", "checks", "notes", "absent")
    }
    children = [
        (name, Child(name, python, arguments.threads, checkout))
        for name, python, checkout in names
    ]
    try:
        turns = ready(children, title, weights, result)
        if not first:
            turns = [turn for turn in turns if turn[2] in TRAINED]
        checks = "alone" if not arguments.rounds else "too" if first else "no"
        turns = [turn for turn in turns if warmed(*turn, title, checks, result)]
        for number in range(arguments.rounds):
            for turn in turns if number % 2 == 0 else turns[::-1]:
                take_turn(*turn, result)
    finally:
        for _, child in children:
            child.stop()
    return result


def wanted(
    title: str, found: dict[str, str], arguments: argparse.Namespace
) -> list[tuple[str, str, Path]]:
    """Return name, interpreter and checkout of the contenders of a row; ours first."""
    names = dict(NAMES)
    if ROWS[title].family != "mlp":
        for name in ("MyGrad", "autograd", "tinygrad"):
            del names[name]
    if arguments.slow:
        names["KeraTorch textbook"] = "ours"
    if arguments.before:
        names["KeraTorch before"] = "ours"
    return [
        (name, found[where], Path(arguments.before) if "before" in name else ROOT)
        for name, where in names.items()
        if where in found
    ]


def ready(
    children: list[tuple[str, Child]],
    title: str,
    weights: str,
    result: dict[str, Any],
) -> list[tuple[str, Child, str]]:
    """Let all import and make their models; return what each can be timed at."""
    replies = []
    for number, (_, child) in enumerate(children):
        child.send(do="prepare", row=title, weights=weights)
        if number == 0:  # ours writes the weights that all begin with
            replies.append(child.answer())
            if "error" in replies[0]:
                raise SystemExit(f"{children[0][0]}, {title}: {replies[0]['error']}")
    replies += [child.answer() for _, child in children[1:]]
    turns = []
    for (name, child), reply in zip(children, replies, strict=True):
        if "error" in reply:
            result["absent"][name] = reply["error"]
        turns += [(name, child, kind) for kind in reply.get("kinds", ())]
    return turns


def warmed(
    name: str, child: Child, kind: str, title: str, checks: str, result: dict[str, Any]
) -> bool:
    """Check and warm a contender up; return whether it can be timed.

    With `checks` of "alone" it is checked and no more, with "no" it is not. Its peak of
    memory is that of its first kind, `fit` where it has that.
    """
    # A model with Dropout is compared without it, as a second model: afterwards, so
    # that this does not count as memory.
    late = ROWS[title].drops and kind == "fit"
    commands = ["round", "memory", "round"]
    if kind in ("fit", "loop") and checks != "no":
        commands.insert(2 if late else 0, "check")
    if checks == "alone":
        commands = [command for command in commands if command == "check"]
    with_helpers = 0.0
    for command in commands:
        with HelpersMemory(child.number) as helpers:
            reply = child.ask(do=command, kind=kind)
        with_helpers = max(with_helpers, helpers.megabytes)
        if "error" in reply:
            result["absent"][f"{name} {kind}"] = reply["error"]
            return False
        if command == "check":
            result["checks"][f"{name} {kind}"] = reply
        elif command == "memory":
            peak = max(reply["megabytes"], with_helpers)
            result["memory"].setdefault(name, peak)
    return True


def take_turn(name: str, child: Child, kind: str, result: dict[str, Any]) -> None:
    """Time one round, after a pause and half a second of training."""
    time.sleep(PAUSE)
    child.ask(do="warm up", kind=kind)
    reply = child.ask(do="round", kind=kind)
    if "error" in reply:
        raise SystemExit(f"{name} {kind}: {reply['error']}")
    timed = f"{name} {kind}"
    result["times"].setdefault(timed, []).append(1e6 * reply["seconds"])
    if reply["note"]:
        result["notes"][timed] = reply["note"]


# The whole


def machine(found: dict[str, str]) -> str:
    """Return the processor, the system and all versions."""
    info = Path("/proc/cpuinfo")
    text = info.read_text() if info.exists() else ""
    named = re.search(r"model name\s*: (.*)", text)
    here = {
        f"{name} {version}"
        for python in set(found.values())
        for name, version in versions(python).items()
    }
    return (
        f"{date.today()}, {os.cpu_count()} processors ({named[1] if named else '?'}), "
        + ", ".join(sorted(here))
    )


def arguments_given() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", help="the folder that peers.py filled")
    parser.add_argument("--rows", help="a regular expression; without start and growth")
    parser.add_argument(
        "--rounds", type=int, default=5, help="0 compares losses and times nothing"
    )
    parser.add_argument(
        "--starts",
        type=int,
        default=1,
        help="at most so many processes, until two agree; the fastest counts",
    )
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", help="also write all that was measured")
    parser.add_argument("--slow", action="store_true", help="also set_fast(False)")
    parser.add_argument("--before", help="also an older checkout")
    return parser.parse_args()


def save(measured: dict[str, Any], name: str | None) -> None:
    """Write all that was measured so far: the machine may go away."""
    if name:
        Path(name).write_text(json.dumps(measured, indent=1))


def main() -> None:
    """Run all rows, and print the report."""
    arguments = arguments_given()
    found = pythons(arguments.peers)
    if hasattr(os, "sched_setaffinity"):  # for libraries that count processors
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
    titles = [t for t in ROWS if re.search(arguments.rows or "", t, re.IGNORECASE)]
    measured: dict[str, Any] = {
        "machine": machine(found),
        "threads": arguments.threads,
        "runs": [],
    }
    begun = time.perf_counter()
    for number in range(1, arguments.runs + 1):
        run: dict[str, Any] = {"rows": {}}
        measured["runs"].append(run)
        for title in titles:
            start = time.perf_counter()
            run["rows"][title] = measure_row(title, found, arguments)
            save(measured, arguments.json)
            seconds = time.perf_counter() - start
            print(
                f"run {number}, {title}: {seconds:.0f} s", file=sys.stderr, flush=True
            )
        if arguments.rounds and not arguments.rows:
            variables = environment(arguments.threads)
            run["start"] = startup.measure(found, variables, rounds=3)
            run["growth"] = growth.measure(found["ours"], variables)
            save(measured, arguments.json)
    print(f"{(time.perf_counter() - begun) / 60:.1f} minutes", file=sys.stderr)
    print(report.markdown(measured))


if __name__ == "__main__":
    main()
