"""Each layer has Keras's configuration, and its weights Keras's names and shapes."""

import re
import warnings

import numpy as np
import pytest

import keratorch
from keratorch.layers import LAYERS

from ..references import plain

keras = pytest.importorskip("keras")

CONVOLUTIONS = [
    f"{kind}{rank}D{end}"
    for kind in ("Conv", "SeparableConv")
    for rank in (1, 2, 3)
    for end in ("", "Transpose")
]
ARGUMENTS = {
    **dict.fromkeys(CONVOLUTIONS, (2, 3)),
    **{f"ConvLSTM{rank}D": (2, 2) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": (3,) for rank in (1, 2)},
    **{f"SpatialDropout{rank}D": (0.3,) for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": (2,) for rank in (1, 2, 3)},
    **{f"AdaptiveAveragePooling{rank}D": (2,) for rank in (1, 2, 3)},
    **{f"AdaptiveMaxPooling{rank}D": (2,) for rank in (1, 2, 3)},
    "Activation": ("relu",),
    "AlphaDropout": (0.3,),
    "CategoryEncoding": (4,),
    "CenterCrop": (3, 3),
    "Dense": (3,),
    "Discretization": ([0.0, 1.0],),
    "Dot": (1,),
    "Dropout": (0.3,),
    "EinsumDense": ("abc,cd->abd", (None, 4)),
    "Embedding": (5, 3),
    "GaussianDropout": (0.3,),
    "GaussianNoise": (0.3,),
    "GroupNormalization": (1,),
    "GroupQueryAttention": (3, 4, 2),
    "GRU": (3,),
    "GRUCell": (3,),
    "HashedCrossing": (4,),
    "Hashing": (4,),
    "InputLayer": ((3,),),
    "LSTM": (3,),
    "LSTMCell": (3,),
    "MaxNumBoundingBoxes": (3,),
    "MultiHeadAttention": (2, 3),
    "Permute": ((2, 1),),
    "RandomBrightness": (0.2,),
    "RandomColorDegeneration": (0.2,),
    "RandomContrast": (0.2,),
    "RandomHue": (0.2,),
    "RandomPosterization": (4,),
    "RandomRotation": (0.2,),
    "RandomSaturation": ((0.1, 0.2),),
    "RandomSharpness": (0.2,),
    "RandomShear": (0.2,),
    "RandomTranslation": (0.2, 0.2),
    "RandomZoom": (0.2,),
    "RepeatVector": (2,),
    "Rescaling": (0.5,),
    "Reshape": ((4, -1),),
    "Resizing": (3, 3),
    "ReversibleEmbedding": (5, 3),
    "SimpleRNN": (3,),
    "SimpleRNNCell": (3,),
}
# Layers that hold others: what these are.
INSIDE = {
    "Bidirectional": lambda layers: layers.LSTM(3),
    "Pipeline": lambda layers: [layers.Rescaling(0.5)],
    "RNN": lambda layers: layers.GRUCell(3),
    "SpectralNormalization": lambda layers: layers.Dense(3),
    "StackedRNNCells": lambda layers: [layers.LSTMCell(3), layers.GRUCell(2)],
    "TimeDistributed": lambda layers: layers.Dense(3),
    "Wrapper": lambda layers: layers.Dense(3),
}
ELSEWHERE = {"Lambda", "RandomCrop", "Functional", "Sequential", "Layer"}
NAMES = sorted(
    name
    for name in LAYERS
    if hasattr(keras.layers, name)
    and LAYERS[name].__name__ == name
    and name not in ELSEWHERE
)
MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply")
SHAPES = [(2, 8, 4), (2, 8, 8, 3), (2, 8, 8, 8, 3), (2, 4)]
SHAPES += [(2, 4, 8, 8, 3), (2, 4, 8, 8, 8, 3)]


def make(library, name):
    """A layer with the arguments above; some of Keras's need TensorFlow."""
    given = ARGUMENTS.get(name, ())
    if name in INSIDE:
        given = (INSIDE[name](library.layers),)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(library.layers, name)(*given)
        except ImportError as error:
            pytest.skip(str(error).splitlines()[0])


def without_names(config):
    if isinstance(config, dict):
        return {k: without_names(v) for k, v in config.items() if k != "name"}
    if isinstance(config, list):
        return [without_names(value) for value in config]
    return config


def described(layer):
    return without_names(plain(layer.get_config()))


@pytest.mark.parametrize("name", NAMES)
def test_config_is_that_of_keras_and_makes_the_layer_again(name):
    ours, theirs = make(keratorch, name), make(keras, name)
    assert described(ours) == described(theirs)
    for config in (ours.get_config(), theirs.get_config()):
        assert described(LAYERS[name].from_config(config)) == described(ours)


def call(layer, name, shape):
    shape = (2, 4) if name == "CategoryEncoding" else shape  # Keras: axis 1, not -1
    x = np.ones(shape, "float32")
    if name in MERGING or name == "Subtract" or "Attention" in name:
        return layer(x, x) if "Head" in name or "Query" in name else layer([x, x])
    return layer(x)


def shapes_for(name):
    if name in ("AugMix", "RandAugment"):  # others fail in Keras by chance
        return [(2, 8, 8, 3)]
    rank = re.search(r"([123])D", name)
    wanted = None if rank is None else int(rank[1]) + 2 + name.startswith("ConvLSTM")
    return [shape for shape in SHAPES if wanted in (None, len(shape))]


def weights(layer):
    return [
        (re.sub(r"_\d+", "", w.path), w.name, tuple(w.shape), w.trainable)
        for w in layer.weights
    ]


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n not in ("InputLayer", "Wrapper")]
)
def test_weights_and_shape_are_those_of_keras(name):
    ours = make(keratorch, name)
    if name.endswith("Cell") or name == "StackedRNNCells":
        theirs = make(keras, name)
        ours.build((2, 4)), theirs.build((2, 4))
        assert weights(ours) == weights(theirs)
        return
    for shape in shapes_for(name):
        theirs = make(keras, name)
        try:
            expected = call(theirs, name, shape)
        except Exception:  # a shape that the layer does not take
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Normalization wants to be adapted
            found = call(ours, name, shape)
        assert tuple(found.shape) == tuple(expected.shape)
        assert weights(ours) == weights(theirs)
        return
    pytest.skip("takes no such arrays")
