import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import LSTM, Dense, Dropout, Lambda
from keratorch.models import Graph, model_from_json

pytestmark = pytest.mark.usefixtures("quiet")
K = keras.backend
RANDOM = np.random.default_rng(0)
DATA = {
    "days": RANDOM.random((12, 4, 3)),
    "weather": RANDOM.random((12, 5)),
    "calls": RANDOM.random((12, 2)),
}


def graph():
    made = Graph()
    made.add_input(name="days", input_shape=(4, 3))
    made.add_input(name="weather", input_shape=(5,))
    made.add_node(LSTM(6), name="lstm", input="days")
    made.add_node(Dropout(0.1), name="dropout", input="lstm")
    made.add_node(
        Dense(2), name="both", merge_mode="concat", inputs=["dropout", "weather"]
    )
    made.add_output(name="calls", input="both")
    return made


def test_it_is_trained_and_asked_by_dicts(tmp_path):
    model = graph()
    model.compile("rmsprop", {"calls": "mse"})
    history = model.fit(DATA, nb_epoch=9, batch_size=4, verbose=0, validation_data=DATA)
    # without dropout, whose draws change the loss by more than an epoch does
    assert history.history["val_loss"][-1] < history.history["val_loss"][0]
    assert "loss" in history.history
    assert model.evaluate(DATA, verbose=0) == pytest.approx(
        model.test_on_batch(DATA), rel=1e-5
    )
    model.train_on_batch(DATA)
    found = model.predict(DATA, verbose=0)
    assert found["calls"].shape == (12, 2)
    model.save_weights(str(tmp_path / "w.h5"))
    again = graph()
    again.load_weights(str(tmp_path / "w.h5"))
    np.testing.assert_allclose(again.predict(DATA, verbose=0)["calls"], found["calls"])


def test_several_outputs_have_a_loss_each():
    model = graph()
    model.add_node(Dense(1, activation="sigmoid"), name="late", input="lstm")
    model.add_output(name="is_late", input="late")
    model.compile("sgd", {"calls": "mse", "is_late": "binary_crossentropy"})
    data = {**DATA, "is_late": np.arange(12) % 2}
    model.fit(data, nb_epoch=1, verbose=0)
    assert set(model.predict(DATA, verbose=0)) == {"calls", "is_late"}


def test_an_unknown_node_is_named():
    with pytest.raises(ValueError, match="no node 'dayz' yet; known are 'days'"):
        graph().add_node(Dense(1), name="x", input="dayz")


def test_the_first_layer_may_say_the_shape_of_an_input():
    made = Graph()
    made.add_input(name="days", ndim=3)
    made.add_node(LSTM(3, 6), name="lstm", input="days")
    made.add_node(Dense(6, 2), name="two", input="lstm")
    made.add_output(name="calls", input="two")
    made.compile("rmsprop", {"calls": "mse"})
    made.fit(DATA, nb_epoch=1, verbose=0)
    assert made.model.input_shape == (None, None, 3)
    assert made.predict(DATA, verbose=0)["calls"].shape == (12, 2)


def test_an_input_whose_shape_nobody_says_is_named():
    made = Graph()
    made.add_input(name="days", ndim=3)
    with pytest.raises(ValueError, match=r"add_input\('days', input_shape=...\)"):
        made.add_node(LSTM(6), name="lstm", input="days")


def test_its_json_is_read_as_a_graph(tmp_path):
    model = graph()
    model.save_weights(tmp_path / "graph.weights.h5")
    again = model_from_json(model.to_json())
    again.load_weights(tmp_path / "graph.weights.h5")
    found = again.predict(DATA, verbose=0)["calls"]
    np.testing.assert_array_equal(found, model.predict(DATA, verbose=0)["calls"])
    again.compile("sgd", {"calls": "mse"})
    assert np.isfinite(again.fit(DATA, verbose=0).history["loss"]).all()


def test_an_input_may_have_the_type_int():
    made = Graph()
    made.add_input("words", input_shape=(3,), dtype=int)
    assert made.inputs["words"].dtype == "int32"


def twins(**options):
    made = Graph()
    made.add_input(name="one", input_shape=(5,))
    made.add_input(name="other", input_shape=(5,))
    made.add_shared_node(Dense(3), name="shared", inputs=["one", "other"], **options)
    return made


def distance(inputs):
    u, v = inputs.values()
    return K.sqrt(K.sum(K.square(u - v), axis=1, keepdims=True))


def test_a_shared_node_has_the_same_weights_for_each_input():
    x = {"one": DATA["weather"], "other": DATA["weather"][::-1]}
    model = twins(merge_mode="join")
    model.add_node(Lambda(distance), name="distance", input="shared")
    model.add_output(name="far", input="distance")
    model.compile("rmsprop", {"far": "mse"})
    model.fit({**x, "far": np.ones((12, 1))}, nb_epoch=1, verbose=0)
    kernel, _ = model.nodes["shared"].get_weights()
    expected = np.linalg.norm((x["one"] - x["other"]) @ kernel, axis=1)
    found = model.predict(x, verbose=0)["far"][:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert model.count_params() == 18


def test_what_a_shared_node_gives_may_be_named_or_merged():
    model = twins(outputs=["a", "b"])
    model.add_output(name="both", inputs=["a", "b"], merge_mode="sum")
    merged = twins(merge_mode="sum", create_output=True)
    x = {"one": DATA["weather"], "other": DATA["weather"]}
    merged.nodes["shared"].set_weights(model.nodes["shared"].get_weights())
    found = merged.predict(x, verbose=0)["shared"]
    np.testing.assert_allclose(found, model.predict(x, verbose=0)["both"], rtol=1e-6)


def test_a_shared_node_needs_names_of_its_outputs():
    with pytest.raises(ValueError, match="'shared' needs a merge_mode, or as many"):
        twins(outputs=["a"])
