"""FeatureSpace: columns of a table as vectors."""

import numpy as np
import pytest

from keratorch import Input, Model, layers
from keratorch.models import load_model
from keratorch.models.feature_space import FeatureSpace

DATA = {
    "height": [1.5, 1.7, 1.9, 1.7],
    "age": [10.0, 20.0, 30.0, 40.0],
    "city": ["Bonn", "Rome", "Bonn", "Oslo"],
    "shop": [7, 7, 8, 9],
    "street": ["a", "b", "c", "d"],
}
TYPES = {
    "height": "float_normalized",
    "age": FeatureSpace.float_discretized(num_bins=2),
    "city": "string_categorical",
    "shop": FeatureSpace.integer_categorical(max_tokens=3),
    "street": FeatureSpace.string_hashed(num_bins=5),
}


def adapted(**arguments):
    space = FeatureSpace(dict(TYPES), **arguments)
    space.adapt(DATA)
    return space


def test_features_stand_side_by_side_in_the_order_of_their_names():
    out = np.asarray(adapted()(DATA))
    assert out.shape == (4, 2 + 4 + 1 + 3 + 5) and out.dtype == np.float32
    np.testing.assert_array_equal(out[:, :2].argmax(1), [0, 1, 1, 1])
    np.testing.assert_array_equal(out[:, 2:6].argmax(1), [1, 2, 1, 3])
    height = np.array(DATA["height"])
    scaled = (height - height.mean()) / height.std()
    np.testing.assert_allclose(out[:, 6], scaled, rtol=1e-5)
    np.testing.assert_array_equal(out[:, 7:10].argmax(1), [1, 1, 0, 2])


def test_a_row_by_itself_is_a_row_of_the_whole():
    space = adapted(crosses=[("city", "shop")], crossing_dim=6)
    whole = np.asarray(space(DATA))
    row = space({name: column[2] for name, column in DATA.items()})
    np.testing.assert_array_equal(row, whole[2])
    table = {name: np.array(column)[:, None] for name, column in DATA.items()}
    np.testing.assert_array_equal(space(table), whole)
    assert whole.shape == (4, 15 + 6)


def test_crosses_tell_pairs_apart():
    space = adapted(
        crosses=[FeatureSpace.cross(("city", "shop"), 64, "int")], output_mode="dict"
    )
    out = space(DATA)
    assert sorted(out) == sorted([*TYPES, "city_X_shop"])
    crossed = layers.HashedCrossing(64)
    pair = [np.array([[1], [2], [1], [3]]), np.array([[1], [1], [0], [2]])]
    np.testing.assert_array_equal(out["city_X_shop"], crossed(pair))
    assert out["city"].shape == (4, 4) and out["height"].shape == (4, 1)


def test_batches_teach_what_the_whole_teaches():
    batches = [{k: x[i : i + 2] for k, x in DATA.items()} for i in (0, 2)]
    rows = [{k: x[i] for k, x in DATA.items()} for i in range(4)]
    wanted = np.asarray(adapted()(DATA))
    for data in (batches, iter(rows)):
        space = FeatureSpace(dict(TYPES))
        space.adapt(data)
        np.testing.assert_allclose(space(DATA), wanted, rtol=1e-5)


def test_it_is_the_beginning_of_a_functional_model():
    space = adapted()
    encoded = space.get_encoded_features()
    assert encoded.shape == (None, 15)
    model = Model(space.get_inputs(), encoded)
    columns = {name: np.array(column)[:, None] for name, column in DATA.items()}
    out = model.predict(columns, verbose=0)
    np.testing.assert_allclose(out, space(DATA), rtol=1e-6)


def test_it_is_called_on_symbolic_columns():
    space = adapted()
    columns = {
        name: Input((1,), dtype=feature.dtype)
        for name, feature in space.features.items()
    }
    model = Model(columns, space(columns))
    data = {name: np.array(column)[:, None] for name, column in DATA.items()}
    np.testing.assert_allclose(model.predict(data, verbose=0), space(DATA), rtol=1e-6)


def test_files_bring_it_back(tmp_path):
    space = adapted(crosses=[("city", "shop")])
    space.save(tmp_path / "space.keras")
    again = load_model(tmp_path / "space.keras")
    np.testing.assert_array_equal(again(DATA), space(DATA))
    assert again.get_config() == space.get_config()
    assert "module" in space.get_config()["features"]["age"]


def test_layers_of_ones_own_need_no_data():
    space = FeatureSpace(
        {
            "text": FeatureSpace.feature(
                "string",
                layers.TextVectorization(
                    vocabulary=["a", "b"], output_mode="multi_hot"
                ),
                "float",
            ),
            "x": FeatureSpace.feature(
                "float32", layers.Normalization(mean=1.0, variance=4.0), "float"
            ),
            "y": FeatureSpace.float_rescaled(scale=0.5),
            "z": "float",
            "bin": FeatureSpace.float_discretized(None, bin_boundaries=[1.0, 2.0]),
        },
        output_mode="dict",
    )
    out = space({"text": ["b c"], "x": [5], "y": [3.0], "z": [2], "bin": [1.5]})
    assert {name: np.asarray(x).tolist() for name, x in out.items()} == {
        "text": [[1, 0, 1]],
        "x": [[2]],
        "y": [[1.5]],
        "z": [[2]],
        "bin": [[0, 1, 0]],
    }
    assert isinstance(space.preprocessors["x"], layers.Normalization)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: FeatureSpace({}), "some in it"),
        (lambda: FeatureSpace({"a": "text"}), "type of feature 'a'"),
        (lambda: FeatureSpace({"a": "float"}, output_mode="list"), "output_mode"),
        (lambda: FeatureSpace({"a": "float"}, crosses=[("a", "b")]), "'b'"),
        (
            lambda: FeatureSpace(
                {"a": "float", "b": "float"}, crosses=[("a", "b")], crossing_dim=None
            ),
            "crossing_dim",
        ),
        (lambda: FeatureSpace(TYPES)(DATA), "adapt"),
        (lambda: FeatureSpace(TYPES).get_encoded_features(), "adapt"),
        (lambda: FeatureSpace(TYPES).adapt(3), "dict of columns"),
        (lambda: FeatureSpace({"a": "float"})([1.0]), "dict of columns"),
        (lambda: FeatureSpace({"a": "float"})({"b": [1.0]}), "received \\['b'\\]"),
        (lambda: FeatureSpace.cross(("a", "b"), 3, "float"), "output_mode"),
        (
            lambda: FeatureSpace({"a": FeatureSpace.string_hashed(3, "int")})(
                {"a": ["x"]}
            ),
            "output_mode='dict'",
        ),
        (
            lambda: FeatureSpace(
                {"a": FeatureSpace.feature("float32", layers.Identity(), "one_hot")}
            )({"a": [1.0]}),
            "must return integers",
        ),
    ],
)
def test_mistakes_are_named(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()
