"""`tf.app.flags` and `tf.app.run`, which TensorFlow 1 had."""

import operator
import sys

import pytest

from keratorch.compat.tf import flags


@pytest.fixture
def tf(installed, monkeypatch):
    monkeypatch.setattr(flags, "FLAGS", flags.Flags())
    import tensorflow

    return tensorflow


def defined(tf):
    room = tf.app.flags
    room.DEFINE_integer("epochs", 5, "of 100 %")
    room.DEFINE_float("rate", 0.5, "step")
    room.DEFINE_string("data", None, "file")
    room.DEFINE_list("sizes", ["3"], "of layers")
    room.DEFINE_enum("mode", "train", ["train", "test"], "what to do")
    tf.flags.DEFINE_boolean("big", False, "size")
    return flags.FLAGS


def test_options_have_defaults(tf, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["script.py"])
    options = defined(tf)
    assert (options.epochs, options.rate, options.data) == (5, 0.5, None)
    assert (options.sizes, options.mode, options.big) == (["3"], "train", False)
    options.epochs = 2
    tf.app.flags.DEFINE_integer("late", 1, "defined when others were read")
    assert (options.epochs, options.late) == (2, 1)
    assert options.flag_values_dict()["rate"] == 0.5
    with pytest.raises(AttributeError, match="nothing"):
        operator.attrgetter("nothing")(options)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--epochs=7"], "epochs", 7),
        (["--epochs", "7", "x.csv"], "epochs", 7),
        (["--big", "x.csv"], "big", True),
        (["--big=false"], "big", False),
        (["--nobig"], "big", False),
        (["--sizes=3, 4"], "sizes", ["3", "4"]),
        (["--mode=test"], "mode", "test"),
        (["--unknown=1", "--rate=2"], "rate", 2.0),
    ],
)
def test_the_command_line_changes_them(tf, monkeypatch, words, name, value):
    monkeypatch.setattr(sys, "argv", ["script.py", *words])
    assert getattr(defined(tf), name) == value


def test_run_calls_main_with_the_rest(tf):
    defined(tf)
    seen = []
    with pytest.raises(SystemExit) as ended:
        tf.app.run(seen.append, ["script.py", "--epochs=7", "x.csv"])
    assert ended.value.code is None
    assert seen == [["script.py", "x.csv"]]
    assert flags.FLAGS.epochs == 7
