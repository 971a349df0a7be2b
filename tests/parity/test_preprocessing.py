"""Data made ready as Keras 3.15's legacy preprocessing does it, live."""

import random
import warnings

import numpy as np
import pytest

from keratorch.preprocessing import image, sequence, text
from keratorch.utils import pad_sequences, split_dataset

pytest.importorskip("keras")
# Keras calls SciPy by a name that SciPy gives up.
pytestmark = pytest.mark.filterwarnings("ignore:.*scipy.ndimage.*:DeprecationWarning")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from keras.src.legacy.preprocessing import image as keras_image
    from keras.src.legacy.preprocessing import sequence as keras_sequence
    from keras.src.legacy.preprocessing import text as keras_text
    from keras.utils import pad_sequences as keras_pad_sequences

TEXTS = [
    "The cat sat on the mat; the mat was flat.",
    "A dog? A cat! And\tno mat...",
    "",
    "zebra the The THE",
]
UNSEEN = ["the unseen cat", "flat zebra ZEBRA, mat mat mat"]
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"num_words": 5},
        {"num_words": 5, "oov_token": "<OOV>"},
        {"oov_token": "cat"},
        {"char_level": True, "lower": False},
        {"filters": "", "split": "t"},
        {"analyzer": str.split},
    ],
)
def test_tokenizer_is_that_of_keras(arguments):
    ours, theirs = text.Tokenizer(**arguments), keras_text.Tokenizer(**arguments)
    for tokenizer in (ours, theirs):
        tokenizer.fit_on_texts(TEXTS)
        tokenizer.fit_on_texts([["Cat", "listed"], "no"])
    sequences = ours.texts_to_sequences(TEXTS + UNSEEN)
    assert sequences == theirs.texts_to_sequences(TEXTS + UNSEEN)
    numbers = [*sequences, [1, 2, 3, 99]]
    assert ours.sequences_to_texts(numbers) == theirs.sequences_to_texts(numbers)
    assert list(ours.word_index.items()) == list(theirs.word_index.items())
    config, wanted = ours.get_config(), theirs.get_config()
    for name in ("word_docs", "index_docs"):  # their order is that of a set
        assert sorted(config.pop(name)) == sorted(wanted.pop(name))
    assert config == wanted
    for mode in ("binary", "count", "freq", "tfidf"):
        np.testing.assert_allclose(
            ours.texts_to_matrix(UNSEEN, mode), theirs.texts_to_matrix(UNSEEN, mode)
        )
    back = text.tokenizer_from_json(theirs.to_json())
    assert back.texts_to_sequences(["the cat"]) == theirs.texts_to_sequences(
        ["the cat"]
    )


def test_words_and_hashes_are_those_of_keras():
    for line in TEXTS + UNSEEN:
        for ours, theirs in (
            (text.text_to_word_sequence, keras_text.text_to_word_sequence),
            (lambda t: text.one_hot(t, 9), lambda t: keras_text.one_hot(t, 9)),
            (
                lambda t: text.hashing_trick(t, 9, "md5"),
                lambda t: keras_text.hashing_trick(t, 9, "md5"),
            ),
        ):
            assert ours(line) == theirs(line)


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [None, 2, 7])
def test_padded_sequences_are_those_of_keras(padding, truncating, maxlen):
    rows = [[1], [], [1, 2, 3], [4, 5, 6, 7, 8]]
    vectors = [RNG.normal(size=(n, 2)) for n in (3, 1, 4)]
    arguments = {"maxlen": maxlen, "padding": padding, "truncating": truncating}
    for data, more in ((rows, {}), (vectors, {"dtype": "float32", "value": -1.0})):
        ours = pad_sequences(data, **arguments, **more)
        theirs = keras_pad_sequences(data, **arguments, **more)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"sampling_rate": 2, "stride": 3, "batch_size": 2, "reverse": True},
        {"start_index": 3, "end_index": 15, "batch_size": 4},
        {"shuffle": True, "batch_size": 4},
    ],
)
def test_timeseries_generator_is_that_of_keras(arguments):
    data, targets = RNG.normal(size=(20, 2)), RNG.normal(size=20)
    ours = sequence.TimeseriesGenerator(data, targets, 4, **arguments)
    theirs = keras_sequence.TimeseriesGenerator(data, targets, 4, **arguments)
    assert len(ours) == len(theirs)
    for index in range(len(ours)):
        batches = []
        for generator in (ours, theirs):
            np.random.seed(index)  # noqa: NPY002
            batches.append(generator[index])
        for one, other in zip(*batches, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("categorical", [False, True])
def test_skipgrams_are_those_of_keras(categorical):
    table = sequence.make_sampling_table(10, 0.5)
    np.testing.assert_array_equal(table, keras_sequence.make_sampling_table(10, 0.5))
    results = []
    for module in (sequence, keras_sequence):
        random.seed(3)
        results.append(
            module.skipgrams(
                [1, 5, 0, 2, 9, 4, 4],
                10,
                window_size=2,
                categorical=categorical,
                sampling_table=table,
                seed=11,
            )
        )
    assert results[0] == results[1]


def test_split_dataset_mixes_as_keras_does():
    samples = list(range(10))
    random.seed(7)
    random.shuffle(samples)
    left, right = split_dataset(np.arange(10), left_size=0.7, shuffle=True, seed=7)
    assert [int(x) for x in left] == samples[:7]
    assert [int(x) for x in right] == samples[7:]


AFFINE = [
    {"theta": 33.0},
    {"theta": 90.0},
    {"tx": 2.3, "ty": -1.7},
    {"tx": 11, "ty": -13},
    {"shear": 25.0},
    {"zx": 0.6, "zy": 1.9},
    {"theta": -120.0, "tx": 3, "ty": 1.5, "shear": 10.0, "zx": 1.4, "zy": 0.7},
]


@pytest.mark.parametrize("fill_mode", ["nearest", "constant", "reflect", "wrap"])
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("parameters", AFFINE)
def test_affine_transforms_are_those_of_keras(parameters, order, fill_mode):
    pytest.importorskip("scipy")
    for shape, axes in (((7, 9, 3), (0, 1, 2)), ((3, 6, 8), (1, 2, 0))):
        x = RNG.uniform(0, 255, size=shape).astype("float32")
        names = ("row_axis", "col_axis", "channel_axis")
        arguments = {
            **parameters,
            **dict(zip(names, axes, strict=True)),
            "fill_mode": fill_mode,
            "cval": 7.0,
            "order": order,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = keras_image.apply_affine_transform(x, **arguments)
        ours = image.apply_affine_transform(x, **arguments)
        assert ours.dtype == wanted.dtype
        np.testing.assert_allclose(ours, wanted, rtol=1e-6, atol=1e-4)


GENERATORS = [
    {"rotation_range": 40, "horizontal_flip": True, "vertical_flip": True},
    {"width_shift_range": 0.3, "height_shift_range": 3, "fill_mode": "reflect"},
    {"width_shift_range": [0.1, 0.4], "height_shift_range": 1.5, "fill_mode": "wrap"},
    {"zoom_range": (0.5, 2.0), "shear_range": 20, "fill_mode": "constant", "cval": 3},
    {"channel_shift_range": 40.0, "zoom_range": 0.2, "rescale": 1 / 255},
    {"brightness_range": (0.4, 1.8)},
    {"samplewise_center": True, "samplewise_std_normalization": True},
    {"featurewise_center": True, "featurewise_std_normalization": True},
    {"featurewise_center": True, "zca_whitening": True},
    {"preprocessing_function": lambda x: x / 2, "rescale": 2.0},
]


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("arguments", GENERATORS)
def test_one_seed_gives_the_images_of_keras(arguments, channels):
    pytest.importorskip("scipy")
    if "brightness_range" in arguments:
        pytest.importorskip("PIL")
    x = RNG.uniform(0, 255, size=(9, 6, 8, channels))
    y, weights = np.arange(9), RNG.uniform(size=9)
    flows = []
    for module in (image, keras_image):
        generator = module.ImageDataGenerator(**arguments)
        generator.fit(x, augment=True, rounds=2, seed=1)
        flows.append(generator.flow(x, y, 4, True, weights, seed=5))
    for step in range(5):
        batches = []
        for flow in flows:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                batches.append(next(flow) if step % 2 else flow[step % 3])
        for one, other in zip(*batches, strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-3)


@pytest.mark.parametrize("beyond", [False, True])
@pytest.mark.parametrize("scale", [False, True])
def test_brightness_is_that_of_pillow(scale, beyond):
    pytest.importorskip("PIL")
    x = RNG.uniform(-50 if beyond else 0, 255, size=(5, 6, 4)).astype("float32")
    for factor in (0.0, 0.3, 1.0, 1.7, 40.0):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = keras_image.apply_brightness_shift(x, factor, scale)
        ours = image.apply_brightness_shift(x, factor, scale)
        np.testing.assert_allclose(ours, wanted, rtol=1e-6)
