"""Models of several inputs and outputs: a message names the one that is wrong."""

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import (
    INPUTS,
    LABELS,
    TARGETS,
    YES_NO,
    Mistake,
    X,
    check,
    several,
    with_value,
)

ONES = np.ones(12)
TEXT = np.full((12, 4), "a")


def fit(x=INPUTS, y=TARGETS, **kwargs):
    return lambda model: model.fit(x, y, verbose=0, **kwargs)


BY_NAME = {
    "features of one input": Mistake(
        fit({**INPUTS, "b": X}),
        ("x['b']", "(12, 4)", "(2,)", "4 features instead of 2"),
    ),
    "an input is missing": Mistake(
        fit({"a": X}), ("functional", "'a', 'b'", "lacks 'b'", "has 'a'")
    ),
    "an input has another name": Mistake(
        fit({"a": X, "bb": X[:, :2]}), ("'a', 'b'", "lacks 'b'", "'bb'")
    ),
    "an input is None": Mistake(
        fit({"a": X, "b": None}), ("x['b']", "None", "optional=True")
    ),
    "inputs differ in length": Mistake(
        fit({"a": X, "b": X[:5, :2]}),
        ("x", "12 in x['a'], 5 in x['b']", "same number of samples"),
    ),
    "no batch axis": Mistake(
        lambda model: model.predict({"a": X[0], "b": X[0, :2]}),
        ("x", "4 in x['a'], 2 in x['b']", "array[None]"),
    ),
    "NaN in one input": Mistake(
        fit({**INPUTS, "a": with_value(X, (3, 2), np.nan)}),
        ("x['a']", "nan at index (3, 2)", "check_finite=False"),
    ),
    "text in one input": Mistake(
        fit({**INPUTS, "a": TEXT}), ("x['a']", "text", "(0, 0)", "Encode")
    ),
    "ragged input": Mistake(
        fit({**INPUTS, "b": [[1, 2]] * 11 + [[3]]}),
        ("x['b']", "row 11", "ragged", "Pad the rows"),
    ),
    "targets of an output are missing": Mistake(
        fit(y={"kind": LABELS}), ("y", "no targets for the output 'size'", "loss=None")
    ),
    "targets have another name": Mistake(
        fit(y={"kindd": LABELS, "size": YES_NO}),
        ("y", "'kindd'", "Did you mean 'kind'?"),
    ),
    "one array for two outputs": Mistake(
        fit(y=LABELS), ("y", "one ndarray", "'kind', 'size'", "a dict by their names")
    ),
    "targets differ in length": Mistake(
        fit(y={"kind": LABELS[:7], "size": YES_NO}),
        ("y", "7 in y['kind'], 12 in y['size']", "same number of samples"),
    ),
    "label of one output": Mistake(
        fit(y={**TARGETS, "kind": LABELS + 1}),
        ("output 'kind'", "3 at row 2", "from 0 to 2", "1-based?"),
    ),
    "shape of one output": Mistake(
        fit(y={**TARGETS, "size": X}),
        ("output 'size'", "(12, 4)", "(12, 1)", "Give y_true 1 column"),
    ),
    "Inf in one output": Mistake(
        fit(y={**TARGETS, "size": with_value(YES_NO, 4, np.inf)}),
        ("y['size']", "inf at index (4,)", "check_finite=False"),
    ),
    "sample_weight has another name": Mistake(
        fit(sample_weight={"sizes": ONES}),
        ("sample_weight", "'sizes'", "Did you mean 'size'?"),
    ),
    "sample_weight of one output is short": Mistake(
        fit(sample_weight={"kind": np.ones(5), "size": ONES}),
        ("sample_weight", "5 in sample_weight['kind']", "same number of samples"),
    ),
    "sample_weight as columns": Mistake(
        fit(sample_weight=np.ones((12, 2))),
        ("sample_weight", "(12, 2)", "one weight for each sample", "list or dict"),
    ),
    "NaN in sample_weight of one output": Mistake(
        fit(sample_weight={"kind": with_value(ONES, 2, np.nan), "size": ONES}),
        ("sample_weight['kind']", "nan at index (2,)", "check_finite=False"),
    ),
    "class_weight": Mistake(
        fit(class_weight={0: 1.0}), ("class_weight", "one output", "sample_weight")
    ),
    "class_weight of each output": Mistake(
        fit(class_weight={"kind": {0: 1.0}}),
        ("class_weight", "a dict for 'kind'", "one output", "sample_weight"),
    ),
    "features in validation_data": Mistake(
        fit(validation_data=({**INPUTS, "b": X}, TARGETS)),
        ("validation_data: x['b']", "(12, 4)", "(2,)"),
    ),
    "labels in validation_data": Mistake(
        fit(validation_data=(INPUTS, {**TARGETS, "kind": LABELS + 1})),
        ("validation_data: output 'kind'", "3 at row 2", "from 0 to 2"),
    ),
    "weights in validation_data": Mistake(
        fit(validation_data=(INPUTS, TARGETS, {"kind": np.ones(3), "size": ONES})),
        ("validation_data: ", "3 in validation_data: sample_weight['kind']"),
    ),
    "features at evaluate": Mistake(
        lambda model: model.evaluate({**INPUTS, "a": X[:, :3]}, TARGETS),
        ("x['a']", "(12, 3)", "(4,)"),
    ),
    "features at train_on_batch": Mistake(
        lambda model: model.train_on_batch({**INPUTS, "a": X[:, :3]}, TARGETS),
        ("x['a']", "(12, 3)", "(4,)"),
    ),
}

BY_PLACE = {
    "one array for two inputs": Mistake(
        fit(X, [LABELS, YES_NO]), ("2 inputs (a, b)", "1 array", "list with one array")
    ),
    "three arrays for two inputs": Mistake(
        fit([X, X, X], [LABELS, YES_NO]), ("2 inputs (a, b)", "3 arrays", "dict")
    ),
    "inputs in another order": Mistake(
        fit([X[:, :2], X], [LABELS, YES_NO]), ("x[0]", "(12, 2)", "(4,)")
    ),
    "three targets for two outputs": Mistake(
        fit([X, X[:, :2]], [LABELS, YES_NO, YES_NO]),
        ("y", "a list of 3", "2 outputs ('kind', 'size')", "one entry for each"),
    ),
    "three sample weights": Mistake(
        fit([X, X[:, :2]], [LABELS, YES_NO], sample_weight=[ONES] * 3),
        ("sample_weight", "a list of 3", "2 outputs", "one entry for each"),
    ),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_entry_of_a_dict_is_named(name):
    model = several()
    model.fit(INPUTS, TARGETS, verbose=0)
    check(BY_NAME[name], model)


@pytest.mark.parametrize("name", BY_PLACE)
def test_the_entry_of_a_list_is_named(name):
    model = several(list)
    model.fit([X, X[:, :2]], [LABELS, YES_NO], verbose=0)
    check(BY_PLACE[name], model)


COMPILING = {
    "loss": ({"loss": {"kind": "mse", "sizes": "mse"}}, "'sizes'", "mean 'size'"),
    "losses": ({"loss": ["mse"] * 3}, "a list of 3", "'kind', 'size'"),
    "loss of one": ({"loss": {"kind": "msee", "size": "mse"}}, "'msee'", "mean 'mse'"),
    "loss_weights": ({"loss_weights": {"kid": 1.0}}, "'kid'", "mean 'kind'"),
    "metrics of one": ({"metrics": {"kind": ["acuracy"]}}, "'acuracy'", "'accuracy'"),
}


@pytest.mark.parametrize("name", COMPILING)
def test_compile_names_the_output(name):
    arguments, *parts = COMPILING[name]
    check(Mistake(lambda: several(**arguments), parts))


def test_metrics_of_an_unknown_output_are_answered_at_fit():
    model = several(metrics={"kid": ["accuracy"]})
    tells = ("metrics", "'kid'", "Did you mean 'kind'?")
    check(Mistake(lambda: model.fit(INPUTS, TARGETS, verbose=0), tells))


def wide():
    """Return a model of 40 inputs and 40 outputs."""
    ends = [keras.Input((1,), name=f"feature_number_{i}") for i in range(40)]
    model = keras.Model(ends, [keras.layers.ReLU(name=f"of_{x.name}")(x) for x in ends])
    model.compile("sgd", "mse")
    return model


def test_many_outputs_are_not_listed_whole():
    columns = [ONES[:, None]] * 40
    mistakes = [
        (fit(columns, ONES), ("y", "40 outputs", "one ndarray")),
        (fit(columns, {"kind": ONES}), ("y", "'kind'", "There are 40")),
        (fit([*columns[:-1], X[:5, :1]], columns), ("12 in x[0], 5 in x[39]",)),
    ]
    for call, tells in mistakes:
        check(Mistake(call, tells), wide())
