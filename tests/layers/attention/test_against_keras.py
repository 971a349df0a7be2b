"""Attention, EinsumDense, ... and merging layers have Keras's numbers and masks."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers.attention import (
    AdditiveAttention,
    Attention,
    GroupQueryAttention,
    MultiHeadAttention,
)
from keratorch.layers.einsum_dense import EinsumDense
from keratorch.layers.reversible_embedding import ReversibleEmbedding
from keratorch.layers.spectral_normalization import SpectralNormalization
from keratorch.masks import get_mask, set_mask
from keratorch.nested import flatten

from ...references import COUNTER, assert_close, assert_same_config, load

REFERENCES = load("attention_layers")
NEW = {
    cls.__name__: cls
    for cls in (
        AdditiveAttention,
        Attention,
        EinsumDense,
        GroupQueryAttention,
        MultiHeadAttention,
        ReversibleEmbedding,
        SpectralNormalization,
    )
}


def ids(case):
    masks = f"masks={case['masks']}" if "masks" in case else ""
    given = {**case.get("arguments", {}), **case.get("call", {})}
    words = [f"{key}={value}" for key, value in given.items()]
    return f"{case['layer']}({', '.join(words)}){case['inputs']}{masks}"


def each(cases):
    return pytest.mark.parametrize("case", cases, ids=ids)


CASES = [*REFERENCES["layers"], *REFERENCES["merging"]]


def wave(number, shape):
    """The values that the maker of the references made."""
    places = np.arange(np.prod(shape)).reshape(shape)
    return np.round(np.sin(2.3 * places + 0.7 * number), 3).astype(np.float32)


def counted(upstream, output):
    """A gradient that is 0 where a mask lets nothing count: backends differ there."""
    mask = getattr(output, "_keras_mask", None)
    return upstream if mask is None else upstream * np.float32(mask)[..., None]


def build(name, arguments):
    inner = arguments.get("layer")
    if inner:
        arguments = {**arguments, "layer": build(inner["class"], inner["arguments"])}
    return (NEW.get(name) or getattr(keras.layers, name))(**arguments)


def run(case, layer):
    """The inputs and the outputs of a call."""
    made = []
    masks = case.get("masks", [None] * len(case["inputs"]))
    for i, (shape, mask) in enumerate(zip(case["inputs"], masks, strict=True)):
        x = made[shape] if isinstance(shape, int) else wave(i, shape)
        if not isinstance(shape, int):
            x = keras.GradArray(x, requires_grad=True)
            set_mask(x, mask)
        made.append(x)
    call = dict(case.get("call", {}))
    if "attention_mask" in call:
        call["attention_mask"] = np.array(call["attention_mask"], bool)
    outputs = layer(made, **call) if case.get("listed") else layer(*made, **call)
    return made, flatten(outputs)


def with_weights(case):
    layer = build(case["layer"], case.get("arguments", {}))
    run(case, layer)
    layer.set_weights([wave(10 + i, w.shape) for i, w in enumerate(layer.weights)])
    return layer


@each(CASES)
def test_outputs_masks_and_losses_are_those_of_keras(case):
    layer = with_weights(case)
    _, outputs = run(case, layer)
    for one, other in zip(outputs, case["outputs"], strict=True):
        assert one.dtype == np.float32
        assert_close(one.numpy(), other, rtol=2e-5, atol=2e-6)
    mask = get_mask(outputs[0])
    assert (None if mask is None else mask.tolist()) == case.get("output_mask")
    total = sum(float(np.asarray(loss.detach())) for loss in layer.losses)
    assert total == pytest.approx(sum(case.get("losses", [])), rel=1e-5)
    for one, other in zip(layer.get_weights(), case.get("after", []), strict=False):
        assert_close(one, other, rtol=2e-5, atol=2e-6)


@each(CASES)
def test_gradients_are_those_of_keras(case):
    layer = with_weights(case)
    inputs, outputs = run(case, layer)
    upstream = [wave(50 + i, x.shape) for i, x in enumerate(outputs)]
    upstream[0] = counted(upstream[0], outputs[0])
    own = [
        x for x, s in zip(inputs, case["inputs"], strict=True) if isinstance(s, list)
    ]
    found = keras.gradients(outputs, [*own, *layer.trainable_weights], upstream)
    for i, (one, other) in enumerate(zip(found, case["gradients"], strict=True)):
        projected = 0 if one is None else (one * wave(80 + i, one.shape)).sum()
        assert projected == pytest.approx(other or 0, rel=5e-5, abs=1e-5)


@each([case for case in CASES if "config" in case])
def test_configs_and_paths_of_weights_are_those_of_keras(case):
    layer = with_weights(case)
    assert_same_config(layer.get_config(), case["config"])
    again = type(layer).from_config(case["config"])
    run(case, again)
    assert_same_config(again.get_config(), case["config"])
    found = [COUNTER.sub("", w.path.split("/")[0]) for w in layer.weights]
    paths = case.get("weight_paths", [])
    assert found == [COUNTER.sub("", path.split("/")[0]) for path in paths]
    rest = [w.path.split("/")[-1] for w in layer.weights]
    assert rest == [path.split("/")[-1] for path in paths]
