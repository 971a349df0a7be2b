"""The progress bar shows what Keras's shows, durations aside."""

import contextlib
import io

import pytest

import keratorch as keras

from ..references import load, visible_lines

CASES = load("texts")["progbars"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def lines_of(case, stream):
    """The lines that a bar updated by hand leaves on a stream."""
    with contextlib.redirect_stdout(stream):
        bar = keras.utils.Progbar(interval=0, **case["options"])
        for current, values in case["updates"]:
            bar.update(current, [tuple(value) for value in values])
    return visible_lines(stream.getvalue())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["options"]))
def test_bar_on_a_terminal_ends_in_the_line_of_keras(case):
    assert lines_of(case, Terminal()) == case["lines"]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["lines"][-1] == ""],
    ids=lambda case: str(case["options"]),
)
def test_finished_bar_without_a_terminal_leaves_the_line_of_keras(case):
    assert lines_of(case, io.StringIO()) == case["lines"]
