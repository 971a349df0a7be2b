"""Outputs made with keras.utils.Progbar of Keras 3.15, its clock replaced likewise."""

import io
import sys

import pytest

from keratorch.utils import Progbar, progbar


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def perf_counter(self):
        return self.seconds


class Output(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.fixture
def draw(monkeypatch):
    """Run updates (seconds since the last one, arguments) and return what was shown."""
    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)

    def run(updates, terminal=True, **arguments):
        clock, output = Clock(), Output(terminal)
        monkeypatch.setattr(progbar, "time", clock)
        monkeypatch.setattr(sys, "stdout", output)
        bar = Progbar(**arguments)
        for seconds, *update in updates:
            clock.seconds += seconds
            bar.update(*update)
        monkeypatch.undo()
        return output.getvalue()

    return run


def metrics(accuracy, loss):
    return [("accuracy", accuracy), ("loss", loss)]


def bar(count, done, left, clock, rest):
    green = f"\x1b[32m{'━' * done}\x1b[0m" if done else ""
    white = f"\x1b[37m{'━' * left}\x1b[0m"
    return f"\x1b[1m{count}\x1b[0m {green}{white} \x1b[1m{clock}\x1b[0m {rest}"


STEPS = [
    (0.5, 1, metrics(0.5, 2.0)),
    (0.1, 2, metrics(0.25, 1.0)),
    (0.01, 3, metrics(0.3, 1e-4)),
    (0.1, 4, metrics(0.4, -1e-5)),
    (0.2, 5, metrics(0.9, 0.125)),
]


def test_a_terminal_sees_keras_bytes(draw):
    assert draw(STEPS, target=5) == (
        "\r"
        + bar("1/5", 4, 16, "2s", "500ms/step - accuracy: 0.5000 - loss: 2.0000")
        + "\b" * 72
        + "\r"
        + bar("2/5", 8, 12, "0s", "100ms/step - accuracy: 0.3750 - loss: 1.5000")
        + "\b" * 72
        + "\r"
        + bar("4/5", 16, 4, "0s", "70ms/step - accuracy: 0.3625 - loss: 0.7500")
        + " "
        + "\b" * 71
        + "\r"
        + bar("5/5", 20, 0, "1s", "103ms/step - accuracy: 0.9000 - loss: 0.1250")
        + "\n"
    )


def test_elsewhere_the_last_line_comes_once_and_plain(draw):
    assert draw(STEPS, terminal=False, target=5) == (
        f"5/5 {'━' * 20} 1s 103ms/step - accuracy: 0.9000 - loss: 0.1250\n"
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_verbose_2_writes_one_line(draw, terminal):
    assert draw(STEPS, terminal, target=5, verbose=2) == (
        "5/5 - 1s - 103ms/step - accuracy: 0.9000 - loss: 0.1250\n"
    )


def test_verbose_0_writes_nothing(draw):
    assert draw(STEPS, target=5, verbose=0) == ""


def test_an_unknown_target_counts(draw):
    steps = [(0.5, 1, [("loss", 2.0)]), (0.1, 2, [("loss", 1.0)], True)]
    assert draw(steps, target=None) == (
        "\r      1/Unknown \x1b[1m0s\x1b[0m 500ms/step - loss: 2.0000"
        + "\b" * 44
        + "\r      2/Unknown \x1b[1m1s\x1b[0m 100ms/step - loss: 1.0000\n"
    )
    assert draw(steps, target=None, verbose=2) == ""


def test_stateful_values_are_shown_as_they_are(draw):
    steps = [(0.1, 1, metrics(0.5, 2.0)), (0.1, 2, metrics(0.25, 1.0))]
    shown = draw(steps, target=4, stateful_metrics=["loss"])
    assert shown.endswith("accuracy: 0.3750 - loss: 1.0000")
    shown = draw(steps, target=4, stateless_metrics=["loss"])
    assert shown.endswith("accuracy: 0.2500 - loss: 1.5000")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2e-5, "20us/step"),
        (1.01e-3, "1ms/step"),
        (0.9994, "999ms/step"),
        (1.4, "1s/step"),
        (0, "0s/step"),
    ],
)
def test_time_per_step_has_a_fitting_unit(draw, seconds, text):
    shown = draw([(seconds, 1)], target=1, verbose=2)
    assert shown == f"1/1 - {seconds:.0f}s - {text}\n"


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "59s"), (2, "1:58"), (100, "1:38:20"), (61.02, "1:00:00")]
)
def test_remaining_time_has_keras_format(draw, seconds, text):
    shown = draw([(seconds, 1)], target=60)
    assert f" \x1b[1m{text}\x1b[0m " in shown


@pytest.mark.parametrize(
    ("value", "bar_text", "line_text"),
    [
        (0.0011, "0.0011", "0.0011"),
        (0.001, "1.0000e-03", "1.0000e-03"),
        (-2.5, "-2.5000", "-2.5000e+00"),  # Keras's verbose=2 looks at the sign
        (float("nan"), "nan", "nan"),
    ],
)
def test_small_numbers_are_scientific(draw, value, bar_text, line_text):
    assert draw([(1, 1, [("x", value)])], target=1).endswith(f" - x: {bar_text}\n")
    shown = draw([(1, 1, [("x", value)])], target=1, verbose=2)
    assert shown.endswith(f" - x: {line_text}\n")


def test_a_shorter_line_overwrites_the_longer_one(draw):
    steps = [(1, 1, [("a", 123456.789)]), (1, 2, [("a", 1.0)])]
    shown = draw(steps, target=3, stateful_metrics=["a"])
    assert shown.endswith("a: 1.0000     ")


def test_add_counts_on(draw, monkeypatch):
    output = Output(terminal=False)
    monkeypatch.setattr(sys, "stdout", output)
    bar = Progbar(target=3, verbose=2)
    for _ in range(3):
        bar.add(1, [("x", 1.0)])
    assert output.getvalue().startswith("3/3 - ")


def test_close_ends_an_open_line_once(monkeypatch):
    output = Output(terminal=True)
    monkeypatch.setattr(sys, "stdout", output)
    bar = Progbar(target=3)
    bar.update(1)
    assert not output.getvalue().endswith("\n")
    bar.close()
    bar.close()
    assert output.getvalue().endswith("step\n")


def test_an_output_of_another_encoding_gets_equal_signs(monkeypatch):
    bytes_written = io.BytesIO()
    output = io.TextIOWrapper(bytes_written, encoding="ascii", newline="\n")
    monkeypatch.setattr(sys, "stdout", output)
    Progbar(target=1, width=4).update(1)
    assert bytes_written.getvalue().startswith(b"1/1 ==== 0s ")


def test_a_program_without_a_console_shows_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    Progbar(target=1).update(1)


def test_a_notebook_redraws(monkeypatch):
    output = type("OutStream", (Output,), {"__module__": "ipykernel.iostream"})(False)
    monkeypatch.setattr(sys, "stdout", output)
    Progbar(target=2).update(1)
    assert output.getvalue().startswith("\r")


def test_both_lists_of_metrics_are_refused():
    with pytest.raises(ValueError, match="not both"):
        Progbar(3, stateful_metrics=["a"], stateless_metrics=["b"])
