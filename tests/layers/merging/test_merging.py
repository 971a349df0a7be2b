"""Merging layers check what they join; their numbers are tested beside attention."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.layers.merging import batch_dot
from keratorch.layers.merging.elementwise import ElementwiseMerge
from keratorch.masks import get_mask

X = np.arange(12, dtype=np.float32).reshape(2, 3, 2)


@pytest.mark.parametrize(
    "layer", [layers.Add(), layers.Concatenate(), layers.Dot(axes=1), layers.Maximum()]
)
def test_one_array_is_no_list(layer):
    with pytest.raises(ValueError, match=f"{type(layer).__name__}.*expects a list"):
        layer(X)


@pytest.mark.parametrize(
    ("layer", "shapes", "message"),
    [
        (layers.Add(), [(2, 3), (2, 4)], "broadcast"),
        (layers.Add(), [(2, 3), (4, 3)], "one batch size"),
        (layers.Subtract(), [(2, 3)] * 3, "expects 2 arrays"),
        (layers.Concatenate(axis=1), [(2, 3, 4), (2, 3, 5)], "equal but for axis 1"),
        (layers.Concatenate(axis=1), [(2, 3, 4), (2, 3)], "equal but for axis 1"),
        (layers.Concatenate(axis=3), [(2, 3), (2, 3)], "with an axis 3"),
        (layers.Dot(axes=1), [(2, 3), (2, 4)], "one length along the axes 1 and 1"),
    ],
)
def test_arrays_that_do_not_go_together(layer, shapes, message):
    with pytest.raises(ValueError, match=message):
        layer([np.ones(shape) for shape in shapes])


@pytest.mark.parametrize(
    ("axes", "error"),
    [((1, 2, 3), ValueError), ("1", TypeError), ((1, "a"), TypeError)],
)
def test_axes_of_dot_are_checked(axes, error):
    with pytest.raises(error, match="pair of ints"):
        layers.Dot(axes)


@pytest.mark.parametrize(
    ("x", "y", "axes", "shape"),
    [
        ((5, 2, 3), (5, 3, 4), None, (5, 2, 4)),
        ((5, 3), (5, 3), None, (5, 1)),
        ((5, 3), (5, 4, 3), (1, 2), (5, 4)),
        ((5, 2, 3, 4), (5, 4, 6), (3, 1), (5, 2, 3, 6)),
    ],
)
def test_batch_dot_multiplies_sample_by_sample(x, y, axes, shape):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=x), rng.normal(size=y)
    out = batch_dot(x, y, axes)
    assert out.shape == shape
    first, second = axes or (x.ndim - 1, max(y.ndim - 2, 1))
    for a, b, found in zip(x, y, out, strict=True):
        expected = np.tensordot(a, b, (first - 1, second - 1))
        np.testing.assert_allclose(found, np.reshape(expected, shape[1:]), atol=1e-12)


@pytest.mark.parametrize("shapes", [[(3,), (3,)], [(2, 3), (2, 4)]])
def test_batch_dot_says_what_does_not_fit(shapes):
    with pytest.raises(ValueError, match="batch_dot expects"):
        batch_dot(*map(np.ones, shapes))


def test_concatenate_joins_batches_of_any_size():
    assert layers.Concatenate(axis=0)([X, X[:1]]).shape == (3, 3, 2)


def test_functions_do_what_the_layers_do():
    pair = [X, X[::-1]]
    for name in ["add", "subtract", "multiply", "average", "maximum", "minimum"]:
        layer = getattr(layers, name.capitalize())()
        found = getattr(layers, name)(pair)
        np.testing.assert_array_equal(found.numpy(), layer(pair).numpy())
    assert layers.concatenate(pair, axis=1).shape == (2, 6, 2)
    assert layers.dot(pair, axes=2, normalize=True).shape == (2, 3, 3)


def test_symbolic_shapes_keep_unknown_lengths():
    a, b = keras.Input((None, 4)), keras.Input((7, 1))
    assert layers.Add()([a, b]).shape == (None, None, 4)
    assert layers.Concatenate(axis=1)([a, keras.Input((3, 4))]).shape == (None, None, 4)
    assert layers.Dot(axes=2)([a, keras.Input((5, 4))]).shape == (None, None, 5)


def test_masks_of_embeddings_go_through_a_model():
    first, second = keras.Input((3,), dtype="int32"), keras.Input((2,), dtype="int32")
    embedding = layers.Embedding(5, 2, mask_zero=True)
    both = layers.Concatenate(axis=1)([embedding(first), embedding(second)])
    model = keras.Model([first, second], both)
    out = model([np.array([[1, 2, 0]]), np.array([[3, 0]])])
    assert get_mask(out).tolist() == [[True, True, False, True, False]]


class RandomlyWeighted(ElementwiseMerge):
    """Merges by a rule of its own, for batches of 4 alone."""

    def _merge_function(self, inputs):
        share = np.linspace(0, 1, 4, dtype="float32")[:, None]
        return share * inputs[0] + (1 - share) * inputs[1]


def test_merging_rule_of_ones_own_is_applied_to_whole_batches():
    a, b = keras.Input((3,)), keras.Input((3,))
    merged = RandomlyWeighted()([a, b])
    assert merged.shape == (None, 3)
    assert RandomlyWeighted.couples_samples
    assert not layers.Average.couples_samples
    result = keras.Model([a, b], merged)([np.ones((4, 3)), np.zeros((4, 3))])
    np.testing.assert_allclose(result[:, 0], [0, 1 / 3, 2 / 3, 1], rtol=1e-6)


@pytest.mark.parametrize("cls", [layers.Add, layers.Maximum, layers.Concatenate])
def test_masks_come_one_for_each_input(cls):
    layer, x = cls(), np.ones((2, 3, 4))
    mask = np.ones((2, 3), bool)
    for inputs, masks in [([x, x], mask), (x, [None, None]), ([x, x], [mask])]:
        with pytest.raises(ValueError, match="list of inputs and a list of as many"):
            layer.compute_mask(inputs, masks)
    assert layer.compute_mask([x, x], None) is None
    assert layer.compute_mask([x, x], [None, None]) is None


@pytest.mark.parametrize(
    "kind", ["Add", "Subtract", "Multiply", "Maximum", "Concatenate"]
)
def test_integers_among_floats_become_floats(kind):
    layer = getattr(layers, kind)()
    whole, broken = np.ones((2, 3), "int32"), np.full((2, 3), 0.5, "float32")
    assert layer([whole, broken]).dtype == layer([broken, whole]).dtype == "float32"
    assert layer([whole, whole]).dtype == "int32"
    symbols = [keras.Input((3,), dtype=x.dtype) for x in (whole, broken)]
    assert layer(symbols).dtype == "float32"


def test_an_average_of_integers_is_a_float():
    average = layers.Average()([np.array([[1, 2]]), np.array([[2, 2]])])
    assert average.dtype == "float32"
    assert average.tolist() == [[1.5, 2.0]]
    assert layers.Average()([keras.Input((2,), dtype="int32")] * 2).dtype == "float32"
