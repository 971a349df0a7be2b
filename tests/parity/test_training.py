"""Models with several inputs and outputs train as Keras's do: names and numbers."""

import numpy as np
import pytest

import keratorch as kt

keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

RNG = np.random.default_rng(5)
A, B = RNG.random((40, 6), dtype=np.float32), RNG.random((40, 3), dtype=np.float32)
CLASSES = RNG.integers(0, 4, 40)
VALUES = RNG.random((40, 1), dtype=np.float32)
WEIGHTS = RNG.random(40).astype(np.float32)


def model(library, outputs="list"):
    """Return a model with inputs a and b, and outputs kind and value."""
    a = library.Input((6,), name="a")
    b = library.Input((3,), name="b")
    layers = library.layers
    hidden = layers.Dense(8, activation="tanh", name="hidden")(a)
    joined = layers.Concatenate(name="joined")([hidden, b])
    kind = layers.Dense(4, activation="softmax", name="kind")(joined)
    value = layers.Dense(1, name="value")(joined)
    given = {"list": [kind, value], "dict": {"z": kind, "c": value}}[outputs]
    made = library.Model([a, b], given)
    rng = np.random.default_rng(2)
    made.set_weights([rng.normal(0, 0.5, w.shape) for w in made.get_weights()])
    return made


NAMED = {"kind": "sparse_categorical_crossentropy", "value": "mse"}
LISTED = list(NAMED.values())
TARGETS = [CLASSES, VALUES]
BY_NAME = {"kind": CLASSES, "value": VALUES}
CASES = {  # arguments of compile, of fit
    "losses in a list": ({"loss": LISTED}, {"y": TARGETS}),
    "losses by name": ({"loss": NAMED}, {"y": TARGETS}),
    "targets by name": ({"loss": NAMED}, {"y": BY_NAME}),
    "inputs by name": ({"loss": LISTED}, {"x": {"a": A, "b": B}, "y": TARGETS}),
    "weights in a list": ({"loss": LISTED, "loss_weights": [0.3, 2.0]}, {"y": TARGETS}),
    "weights by name": (
        {"loss": NAMED, "loss_weights": {"value": 2.0, "kind": 0.5}},
        {"y": TARGETS},
    ),
    "no loss for an output": ({"loss": [None, "mse"]}, {"y": TARGETS}),
    "metrics in lists": (
        {"loss": LISTED, "metrics": [["accuracy"], ["mae", "mse"]]},
        {"y": TARGETS},
    ),
    "a metric for each": (
        {"loss": LISTED, "metrics": ["accuracy", "mae"]},
        {"y": TARGETS},
    ),
    "metrics by name": (
        {"loss": NAMED, "metrics": {"value": ["mae"], "kind": "accuracy"}},
        {"y": TARGETS},
    ),
    "weighted metrics": (
        {
            "loss": LISTED,
            "metrics": [["accuracy"], ["mae"]],
            "weighted_metrics": [["accuracy"], ["mae", "mse"]],
        },
        {"y": TARGETS, "sample_weight": WEIGHTS},
    ),
    "sample weights for each": (
        {"loss": LISTED, "weighted_metrics": [[], ["mae"]]},
        {"y": TARGETS, "sample_weight": [WEIGHTS, WEIGHTS[::-1]]},
    ),
}


def histories(compile_arguments, fit_arguments, outputs="list", **more):
    """Return history and evaluation of Keras and of ours."""
    found = []
    for library in (keras, kt):
        network = model(library, outputs)
        network.compile(optimizer=library.optimizers.SGD(0.1), **compile_arguments)
        given = {"x": [A, B], **fit_arguments, **more}
        history = network.fit(
            **given, epochs=3, batch_size=16, shuffle=False, verbose=0
        ).history
        evaluated = network.evaluate(given["x"], given["y"], verbose=0)
        found.append((history, np.ravel(evaluated)))
    return found


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize("case", CASES)
def test_histories_and_results_of_two_outputs(case):
    (theirs, their_list), (ours, our_list) = histories(*CASES[case])
    assert sorted(ours) == sorted(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(
            ours[name], values, rtol=1e-5, atol=1e-5, err_msg=name
        )
    np.testing.assert_allclose(our_list, their_list, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("y", [{"z": CLASSES, "c": VALUES}, [VALUES, CLASSES]])
def test_outputs_in_a_dict(y):
    arguments = {
        "loss": {"c": "mse", "z": "sparse_categorical_crossentropy"},
        "loss_weights": {"z": 0.5, "c": 2.0},
        "metrics": {"c": ["mae"], "z": ["accuracy"]},
    }
    if isinstance(y, list):
        del arguments["metrics"]
    (theirs, their_list), (ours, our_list) = histories(arguments, {"y": y}, "dict")
    assert sorted(ours) == sorted(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(
            ours[name], values, rtol=1e-5, atol=1e-5, err_msg=name
        )
    np.testing.assert_allclose(our_list, their_list, rtol=1e-5, atol=1e-5)


def test_validation_of_two_outputs():
    more = {"validation_data": ([A, B], TARGETS, WEIGHTS)}
    compiled = {"loss": LISTED, "weighted_metrics": [["accuracy"], []]}
    (theirs, _), (ours, _) = histories(compiled, {"y": TARGETS}, **more)
    assert sorted(ours) == sorted(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(
            ours[name], values, rtol=1e-5, atol=1e-5, err_msg=name
        )


@pytest.mark.parametrize("outputs", ["list", "dict"])
def test_predictions_come_in_the_structure_of_the_outputs(outputs):
    theirs = model(keras, outputs).predict([A, B], verbose=0)
    ours = model(kt, outputs).predict([A, B], verbose=0)
    assert type(ours) is type(theirs)
    pairs = zip(ours, theirs, strict=True)
    if outputs == "dict":
        assert set(ours) == set(theirs)
        pairs = [(ours[key], theirs[key]) for key in theirs]
    for mine, their in pairs:
        np.testing.assert_allclose(mine, their, rtol=1e-5, atol=1e-6)


def generator(seed):
    rng = np.random.default_rng(seed)
    while True:
        a, b = rng.random((8, 6)), rng.random((8, 3))
        yield (
            (a.astype("float32"), b.astype("float32")),
            (rng.integers(0, 4, 8), rng.random((8, 1)).astype("float32")),
        )


def test_generators_and_the_replay_of_those_for_validation():
    found = []
    for library in (keras, kt):
        network = model(library)
        network.compile(library.optimizers.SGD(0.1), loss=LISTED)
        history = network.fit(
            generator(1),
            steps_per_epoch=4,
            epochs=3,
            validation_data=generator(2),
            validation_steps=3,
            shuffle=False,
            verbose=0,
        )
        found.append(history.history)
    theirs, ours = found
    assert sorted(ours) == sorted(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(
            ours[name], values, rtol=1e-5, atol=1e-5, err_msg=name
        )


def test_masks_reach_losses_and_metrics():
    x = np.array([[1, 2, 3, 0], [4, 0, 0, 0], [2, 2, 0, 0]])
    y = np.array([[[1.0], [0], [1], [0]], [[0], [1], [1], [1]], [[1], [1], [0], [0]]])
    weight = RNG.random((3, 4)).astype(np.float32)
    for more in ({}, {"sample_weight": weight}):
        found = []
        for library in (keras, kt):
            network = library.Sequential(
                [
                    library.Input((4,), dtype="int32"),
                    library.layers.Embedding(5, 3, mask_zero=True),
                    library.layers.Dense(1, activation="sigmoid"),
                ]
            )
            rng = np.random.default_rng(0)
            network.set_weights([rng.normal(size=w.shape) for w in network.weights])
            network.compile(
                library.optimizers.SGD(0.1),
                "binary_crossentropy",
                metrics=["accuracy", "mae"],
                weighted_metrics=["mse"],
            )
            history = network.fit(
                x, y, epochs=3, batch_size=2, shuffle=False, verbose=0, **more
            )
            found.append(history.history)
        theirs, ours = found
        assert sorted(ours) == sorted(theirs)
        for name, values in theirs.items():
            np.testing.assert_allclose(ours[name], values, rtol=1e-5, atol=1e-5)


def test_class_weights_of_one_hot_targets():
    one_hot = np.eye(4, dtype="float32")[CLASSES]
    found = []
    for library in (keras, kt):
        network = library.Sequential(
            [library.Input((6,)), library.layers.Dense(4, activation="softmax")]
        )
        rng = np.random.default_rng(0)
        network.set_weights([rng.normal(size=w.shape) for w in network.weights])
        network.compile(
            library.optimizers.SGD(0.1),
            "categorical_crossentropy",
            metrics=["accuracy"],
            weighted_metrics=["accuracy"],
        )
        weights = {0: 1.0, 1: 5.0, 2: 0.5, 3: 2.0}
        history = network.fit(
            A, one_hot, class_weight=weights, epochs=2, shuffle=False, verbose=0
        )
        found.append(history.history)
    theirs, ours = found
    assert sorted(ours) == sorted(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-5, atol=1e-5)
