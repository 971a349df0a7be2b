"""Several outputs: each finds its losses, weights and metrics; results as Keras's."""

import numpy as np
import pytest

import keratorch as keras

RNG = np.random.default_rng(3)
X = RNG.random((24, 4), dtype=np.float32)
LABELS = np.arange(24) % 3
VALUES = RNG.random((24, 1), dtype=np.float32)
WEIGHTS = RNG.random(24).astype(np.float32)
LOSSES = ["sparse_categorical_crossentropy", "mse"]
BOTH = [LABELS, VALUES]


class Two(keras.Model):
    """The outputs kind and value of a subclass, in a list or a dict."""

    output_names = ("kind", "value")

    def __init__(self, as_dict=False):
        keras.utils.set_random_seed(1)
        super().__init__()
        self.as_dict = as_dict
        self.kind = keras.layers.Dense(3, activation="softmax")
        self.value = keras.layers.Dense(1)

    def call(self, inputs):
        outputs = {"kind": self.kind(inputs), "value": self.value(inputs)}
        return outputs if self.as_dict else list(outputs.values())


def functional():
    x = keras.Input((4,))
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(x)
    return keras.Model(x, [kind, keras.layers.Dense(1, name="value")(x)])


def results(loss=LOSSES, y=BOTH, as_dict=False, sample_weight=None, **more):
    model = Two(as_dict)
    model.compile("sgd", loss, **more)
    return model.evaluate(
        X, y, sample_weight=sample_weight, verbose=0, return_dict=True
    )


def test_results_are_named_and_ordered_as_keras_does():
    model = Two()
    model.compile("sgd", LOSSES, metrics=[["accuracy"], ["mae", "mse"]])
    values = model.evaluate(X, BOTH, verbose=0)
    named = model.evaluate(X, BOTH, verbose=0, return_dict=True)
    order = ["loss", "kind_loss", "value_loss", "kind_accuracy", "value_mae"]
    assert values == [named[name] for name in (*order, "value_mse")]
    assert named["loss"] == pytest.approx(named["kind_loss"] + named["value_loss"])
    assert named["value_mse"] == pytest.approx(named["value_loss"])


LOSS_FORMS = {
    "list": LOSSES,
    "dict": dict(zip(("kind", "value"), LOSSES, strict=True)),
    "objects": [
        keras.losses.SparseCategoricalCrossentropy(),
        keras.losses.mean_squared_error,
    ],
}


@pytest.mark.parametrize("as_dict", [False, True])
@pytest.mark.parametrize("form", LOSS_FORMS)
@pytest.mark.parametrize("y", [BOTH, {"kind": LABELS, "value": VALUES}], ids=type)
def test_forms_of_losses_and_targets(form, y, as_dict):
    assert results(LOSS_FORMS[form], y, as_dict) == pytest.approx(results())


def test_one_loss_is_for_all_outputs():
    three = [np.eye(3)[LABELS], VALUES]
    assert results("mse", three) == pytest.approx(results(["mse", "mse"], three))


@pytest.mark.parametrize("weights", [[0.5, 2.0], {"value": 2.0, "kind": 0.5}])
def test_loss_weights_scale_the_sum_alone(weights):
    plain, weighted = results(), results(loss_weights=weights)
    expected = 0.5 * plain["kind_loss"] + 2 * plain["value_loss"]
    assert weighted["loss"] == pytest.approx(expected)
    assert weighted["kind_loss"] == pytest.approx(plain["kind_loss"])


@pytest.mark.parametrize("loss", [[None, "mse"], {"value": "mse"}])
@pytest.mark.parametrize("y", [BOTH, [VALUES], VALUES, {"value": VALUES}], ids=str)
def test_output_without_loss_needs_no_targets(loss, y):
    assert results(loss, y) == {"loss": pytest.approx(results()["value_loss"])}


METRIC_FORMS = {
    "lists": [["accuracy"], ["mae"]],
    "one each": ["accuracy", "mae"],
    "dict": {"value": "mae", "kind": ["accuracy"]},
}


@pytest.mark.parametrize("as_dict", [False, True])
@pytest.mark.parametrize("form", METRIC_FORMS)
def test_forms_of_metrics(form, as_dict):
    named = results(as_dict=as_dict, metrics=METRIC_FORMS[form])
    assert set(named) == {
        *("loss", "kind_loss", "value_loss"),
        *("kind_accuracy", "value_mae"),
    }


def test_one_metric_is_for_all_outputs():
    three = [np.eye(3)[LABELS], VALUES]
    named = results("mse", three, metrics="mae")
    assert {"kind_mae", "value_mae"} < set(named)


def test_weighted_metrics_with_a_name_in_use_say_so():
    named = results(
        metrics=[["accuracy"], []],
        weighted_metrics=[["accuracy"], ["mae"]],
        sample_weight=WEIGHTS,
    )
    assert {"kind_accuracy", "kind_weighted_accuracy", "value_mae"} < set(named)


@pytest.mark.parametrize(
    "weights",
    [[WEIGHTS, WEIGHTS], (WEIGHTS, WEIGHTS), {"value": WEIGHTS, "kind": WEIGHTS}],
    ids=type,
)
def test_sample_weights_for_each_output(weights):
    expected = results(sample_weight=WEIGHTS)
    assert results(sample_weight=weights) == pytest.approx(expected)
    assert expected["loss"] != pytest.approx(results()["loss"])


def test_sample_weights_for_each_time_step():
    x, y = RNG.random((4, 5, 2), dtype=np.float32), np.ones((4, 5, 1))
    weights = np.zeros((4, 5))
    weights[:, 1] = 1
    model = keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    loss, error = model.evaluate(x, y, sample_weight=weights, verbose=0)
    each = np.abs(model.predict(x, verbose=0) - y)[:, 1, 0]
    assert loss == pytest.approx((each**2).sum() / 20)
    assert error == pytest.approx(each.mean())


def test_predictions_keep_the_structure():
    model = Two(as_dict=True)
    outputs = model.predict(X, batch_size=10, verbose=0)
    assert {name: a.shape for name, a in outputs.items()} == {
        "kind": (24, 3),
        "value": (24, 1),
    }
    assert isinstance(Two().predict(X, verbose=0), list)
    assert [a.shape for a in Two().predict(X[:0], verbose=0)] == [(0, 3), (0, 1)]
    assert [a.shape for a in Two().predict_on_batch(X)] == [(24, 3), (24, 1)]


def test_batch_methods_take_several_outputs():
    model = Two()
    model.compile("sgd", LOSSES)
    first = model.train_on_batch(X, BOTH)
    assert len(first) == 3
    assert model.test_on_batch(X, BOTH)[0] < first[0]


def test_crossentropy_is_resolved_for_each_output():
    named = results({"kind": "crossentropy", "value": "mse"})
    assert named["kind_loss"] == pytest.approx(results()["kind_loss"])


def test_functional_models_name_outputs_by_their_layers():
    model = functional()
    model.compile("sgd", LOSSES, metrics={"kind": "accuracy"})
    history = model.fit(X, BOTH, validation_data=(X, BOTH), verbose=0).history
    names = ["kind_accuracy", "kind_loss", "loss", "value_loss"]
    assert list(history) == sorted([*names, *(f"val_{name}" for name in names)])


def compiled(*arguments, **more):
    model = functional()
    model.compile("sgd", *arguments, **more)
    return model


MISTAKES = {
    "unknown output in loss": (
        lambda: compiled({"kind": LOSSES[0], "valeu": "mse"}),
        ["loss", "'valeu'", "Did you mean", "value"],
    ),
    "unknown name of the only output": (
        lambda: keras.Sequential(
            [keras.Input((4,)), keras.layers.Dense(1, name="price")]
        ).compile("sgd", {"prize": "mse"}),
        ["loss", "'prize'", "Did you mean 'price'"],
    ),
    "losses for three outputs": (
        lambda: compiled(["mse"] * 3),
        ["loss", "2 outputs", "'kind', 'value'", "list of 3"],
    ),
    "one loss weight": (
        lambda: compiled(LOSSES, loss_weights=[1.0]),
        ["loss_weights", "2 outputs", "list of 1"],
    ),
    "unknown output in metrics": (
        lambda: compiled(LOSSES, metrics={"kin": "accuracy"}).fit(X, BOTH, verbose=0),
        ["metrics", "'kin'", "'kind'"],
    ),
    "targets of one output": (
        lambda: compiled(LOSSES).fit(X, LABELS),
        ["y", "2 outputs", "list"],
    ),
    "no targets for one output": (
        lambda: compiled(LOSSES).fit(X, {"kind": LABELS}),
        ["y", "'value'", "loss=None"],
    ),
    "swapped targets": (
        lambda: compiled(LOSSES).fit(X, [VALUES, LABELS]),
        ["output 'kind'"],
    ),
    "label too large for one output": (
        lambda: compiled(LOSSES).fit(X, [LABELS + 1, VALUES]),
        ["output 'kind'", "3", "1-based?"],
    ),
    "validation targets": (
        lambda: compiled(LOSSES).fit(
            X, BOTH, validation_data=(X, [LABELS + 1, VALUES])
        ),
        ["validation_data", "output 'kind'"],
    ),
    "targets of different lengths": (
        lambda: compiled(LOSSES).fit(X, [LABELS, VALUES[:9]]),
        ["24 in y[0]", "9 in y[1]"],
    ),
    "steps weighted for two outputs": (
        lambda: compiled(LOSSES).fit(X, BOTH, sample_weight=np.ones((24, 2))),
        ["sample_weight", "(24, 2)"],
    ),
    "class weights of two outputs": (
        lambda: compiled(LOSSES).fit(X, BOTH, class_weight={0: 1.0}),
        ["class_weight", "one output", "sample_weight"],
    ),
    "unknown loss of one output": (
        lambda: compiled([LOSSES[0], "msee"]),
        ["Did you mean", "mse"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_answered(mistake):
    call, parts = MISTAKES[mistake]
    with pytest.raises(ValueError) as caught:
        call()
    assert len(str(caught.value)) <= 600
    for part in parts:
        assert part in str(caught.value)


def test_failed_compile_leaves_the_model_as_it_was():
    model = compiled(LOSSES)
    optimizer = model.optimizer
    with pytest.raises(ValueError, match="unknown loss"):
        model.compile("adam", "msee")
    assert model.optimizer is optimizer
    assert model.loss == LOSSES


def test_the_names_of_results_stand_in_the_order_of_evaluate():
    x = keras.Input((3,))
    parts = [keras.layers.Dense(1, name="a")(x), keras.layers.Dense(2, name="b")(x)]
    model = keras.Model(x, parts)
    model.compile("sgd", ["mse", "mse"], metrics=["mae", "mae"])
    data = np.ones((4, 3)), [np.ones((4, 1)), np.zeros((4, 2))]
    listed = model.evaluate(*data, verbose=0)
    named = model.evaluate(*data, verbose=0, return_dict=True)
    assert dict(zip(model.metrics_names, listed, strict=True)) == named
    assert model.metrics_names == ["loss", "a_loss", "b_loss", "a_mae", "b_mae"]


def test_losses_in_a_dict_are_listed_in_its_order():
    x = keras.Input((3,))
    parts = {"a": keras.layers.Dense(1)(x), "b": keras.layers.Dense(2)(x)}
    model = keras.Model(x, parts)
    model.compile("sgd", {"b": "mse", "a": "mse"}, metrics={"a": "mae", "b": "mae"})
    data = np.ones((4, 3)), {"a": np.ones((4, 1)), "b": np.zeros((4, 2))}
    listed = model.evaluate(*data, verbose=0)
    named = model.evaluate(*data, verbose=0, return_dict=True)
    order = ["loss", "b_loss", "a_loss", "a_mae", "b_mae"]
    assert listed == [named[name] for name in order]


def test_what_compile_was_told_can_be_read():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True, steps_per_execution=4)
    assert model.run_eagerly and model.steps_per_execution == 4
    assert model.jit_compile is False
