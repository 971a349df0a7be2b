"""What Keras prints: summaries and progress bars, without colours and durations."""

import contextlib
import io
import os
import re

import keras
import numpy as np

from .plain import draw, numbers

DURATION = re.compile(r"\b\d+(:\d\d){0,2}(us|ms|s)\b")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def masked(text):
    """`text` without colours, each duration as '<time>'."""
    return DURATION.sub("<time>", ESCAPE.sub("", text))


def visible_lines(text):
    """The lines that a terminal shows in the end: backspaces and returns obeyed."""
    lines, column = [[]], 0
    for character in ESCAPE.sub("", text):
        if character == "\n":
            lines.append([])
            column = 0
        elif character == "\r":
            column = 0
        elif character == "\b":
            column = max(column - 1, 0)
        else:
            lines[-1][column : column + 1] = character
            column += 1
    return [masked("".join(line)).rstrip() for line in lines]


def captured(function, *arguments, **options):
    """What a call prints on an output that is no terminal."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        function(*arguments, **options)
    return stream.getvalue()


def summary_models():
    """Models whose summaries are recorded; every name is given."""
    layers = keras.layers
    small = [
        keras.Input((4,), name="entry"),
        layers.Dense(3, activation="relu", name="hidden"),
        layers.Dropout(0.5, name="drop"),
        layers.Dense(2, name="answer"),
    ]
    large = [
        keras.Input((28, 28), name="entry"),
        layers.Flatten(name="flat"),
        layers.Dense(512, activation="relu", name="a_rather_long_name_for_a_layer"),
        layers.Dense(784, name="wide", trainable=False),
        layers.Reshape((28, 28), name="image"),
        layers.Activation("softmax", name="softmax"),
    ]
    unbuilt = [layers.Dense(3, name="one"), layers.Dense(2, name="two")]
    made = {"small": small, "large": large, "unbuilt": unbuilt, "empty": []}
    return {name: keras.Sequential(parts, name=name) for name, parts in made.items()}


SUMMARIES = [
    ("small", {}),
    ("small", {"line_length": 60}),
    ("small", {"line_length": 120}),
    ("small", {"positions": [0.3, 0.6, 1.0]}),
    ("small", {"show_trainable": True}),
    ("small", {"layer_range": ["drop", "answer"]}),
    ("large", {}),
    ("large", {"line_length": 50}),
    ("large", {"show_trainable": True}),
    ("unbuilt", {}),
    ("empty", {}),
]


def summaries():
    """The summary of each model, as given to `print_fn` on a screen of 200 columns."""
    os.environ["COLUMNS"] = "200"
    keras.backend.clear_session()
    models = summary_models()
    cases = []
    for name, options in SUMMARIES:
        pieces = []
        models[name].summary(print_fn=pieces.append, **options)
        case = {"name": name, "options": options}
        cases.append({**case, "lines": "".join(pieces).splitlines()})
    trained = models["small"]
    trained.compile("adam", "mse")
    trained.fit(np.ones((2, 4)), np.ones((2, 2)), verbose=0)
    pieces = []
    trained.summary(print_fn=pieces.append)
    case = {"name": "small", "options": {}, "trained": True}
    return [*cases, {**case, "lines": "".join(pieces).splitlines()}]


def progress_model():
    """A linear model that learns nothing: its printed numbers stay the same."""
    rng = np.random.default_rng(70)
    weights = [draw(rng, 3, 2), draw(rng, 2)]
    x, y = draw(rng, 10, 3), draw(rng, 10, 2)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(0.0), loss="mse", metrics=["mae"])
    return model, weights, x, y


def progress():
    """What fit, evaluate and predict print with each `verbose`."""
    model, weights, x, y = progress_model()
    fitting = {"batch_size": 4, "shuffle": False, "epochs": 2}
    calls = [
        ("fit", [x, y], fitting),
        ("fit", [x, y], {**fitting, "validation_data": (x[:5], y[:5])}),
        ("evaluate", [x, y], {"batch_size": 4}),
        ("predict", [x], {"batch_size": 4}),
    ]
    cases = []
    for method, arguments, options in calls:
        for verbose in (0, 1, 2):
            text = captured(
                getattr(model, method), *arguments, verbose=verbose, **options
            )
            case = {
                "method": method,
                "verbose": verbose,
                "options": {k: v for k, v in options.items() if k != "validation_data"},
                "validation": "validation_data" in options,
            }
            cases.append({**case, "lines": visible_lines(text)})
    return {
        "weights": [numbers(weight) for weight in weights],
        "x": numbers(x),
        "y": numbers(y),
        "calls": cases,
    }


PROGBARS = [
    ({"target": 3}, [[1, [["loss", 0.5]]], [2, [["loss", 0.25]]], [3, []]]),
    ({"target": 12, "width": 6}, [[1, []], [5, [["loss", 2.0]]]]),
    ({"target": 12}, [[6, [["a", 1.0], ["b", 123456.789]]], [12, [["a", 3.0]]]]),
    ({"target": 2}, [[1, [["tiny", 1e-5]]], [2, [["tiny", 3e-5]]]]),
    ({"target": 2}, [[1, [["negative", -0.25]]], [2, [["negative", -2e-4]]]]),
    (
        {"target": 4, "stateful_metrics": ["acc"]},
        [[1, [["acc", 0.5], ["loss", 2.0]]], [2, [["acc", 0.75], ["loss", 4.0]]]],
    ),
    ({"target": None}, [[1, [["loss", 0.5]]], [2, [["loss", 1.5]]]]),
    ({"target": 5, "unit_name": "sample"}, [[5, [["loss", 0.5]]]]),
    ({"target": 3, "verbose": 2}, [[1, [["loss", 0.5]]], [3, [["loss", 0.5]]]]),
    ({"target": 3, "verbose": 0}, [[3, [["loss", 0.5]]]]),
]


def progbar_text(options, updates):
    bar = keras.utils.Progbar(interval=0, **options)
    for current, values in updates:
        bar.update(current, [tuple(value) for value in values])


def progbars():
    """The last state of bars that are updated by hand."""
    cases = []
    for options, updates in PROGBARS:
        text = captured(progbar_text, options, updates)
        case = {"options": options, "updates": updates}
        cases.append({**case, "lines": visible_lines(text)})
    return cases


def make():
    return {
        "summaries": summaries(),
        "progress": progress(),
        "progbars": progbars(),
    }
