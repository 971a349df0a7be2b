import functools
import inspect
import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.translation import (
    Afterwards,
    Kept,
    Left,
    Part,
    Renamed,
    answering,
)
from keratorch.errors import ArgumentError


def modern(units, size=None, padding="valid"):
    return units, size, padding


OLDER = answering(
    modern,
    "Conv",
    {
        "nb_filter": Renamed("units"),
        "rows": Part("size", 0),
        "columns": Part("size", 1),
        "border_mode": Renamed("padding", {"half": "same"}),
        "gone": Left("is always so"),
    },
)


def said(function, *args, **kwargs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*args, **kwargs)
    return result, [str(warning.message) for warning in caught]


def test_an_older_argument_warns_once_and_names_the_modern_one():
    message = "Conv(nb_filter=...) is an older spelling. Write Conv(units=...)."
    assert said(OLDER, nb_filter=3) == ((3, None, "valid"), [message])
    assert said(OLDER, nb_filter=3) == ((3, None, "valid"), [])


def test_the_warning_points_to_the_line_of_the_user():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        OLDER(nb_filter=3)
    assert caught[0].filename == __file__
    assert caught[0].category is DeprecationWarning


def test_modern_arguments_pass_in_silence():
    assert said(OLDER, 3, size=2, padding="same") == ((3, 2, "same"), [])


@pytest.mark.usefixtures("quiet")
def test_parts_become_a_tuple_and_values_their_modern_words():
    given = {"nb_filter": 3, "columns": 5, "rows": 4, "border_mode": "half"}
    assert OLDER(**given, gone=1) == (3, (4, 5), "same")


@pytest.mark.usefixtures("quiet")
def test_both_names_of_one_argument_raise():
    with pytest.raises(TypeError, match=r"nb_filter and units are two names"):
        OLDER(nb_filter=3, units=3)


@pytest.mark.usefixtures("quiet")
def test_what_is_done_afterwards_is_done_to_the_object():
    def init(self):
        self.name = "made"

    def rename(self, name):
        self.name = name

    older = answering(init, "", {"name": Afterwards(rename, "x.name")})
    thing = type("Thing", (), {"__init__": older})(name="given")
    assert thing.name == "given"


def test_an_argument_that_the_function_has_today_is_left_to_it():
    assert said(answering(modern, "f", {"size": Left()}), 1, size=2)[0] == (
        1,
        2,
        "valid",
    )


def test_an_argument_that_nobody_knows_raises_with_the_nearest():
    with pytest.raises(
        ArgumentError, match=r"Conv does not know the argument 'unit'\. Did"
    ):
        OLDER(unit=3)


@pytest.mark.usefixtures("quiet")
def test_it_raises_beside_an_older_one_that_is_known():
    with pytest.raises(TypeError, match="'paddin'.*'padding'"):
        OLDER(nb_filter=3, paddin="same")


def test_a_function_of_any_arguments_gets_them():
    def anything(**options):
        return options

    assert answering(anything, "it", {"b": Renamed("a")})(c=1) == {"c": 1}


def test_a_kept_argument_goes_on_as_it_is():
    def wrapper(*args, **kwargs):
        return kwargs

    kept = answering(functools.wraps(modern)(wrapper), "Conv", {"lr": Kept()})
    assert kept(lr=1) == {"lr": 1}


def built():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


MISSPELT = [
    (lambda: built().compile("sgd", "mse", metric=["mae"]), "metrics"),
    (lambda: built().fit([[1, 2, 3]], [1], epoch=2), "epochs"),
    (lambda: built().evaluate([[1, 2, 3]], [1], batchsize=2), "batch_size"),
    (lambda: built().predict([[1, 2, 3]], verbos=0), "verbose"),
    (lambda: built().summary(line_lenght=80), "line_length"),
    (lambda: built().save("model.keras", overwite=True), "overwrite"),
    (lambda: keras.Input(shpe=(3,)), "shape"),
    (lambda: keras.Sequential(layer=[]), "layers"),
    (lambda: keras.optimizers.Adam(learningrate=0.1), "learning_rate"),
    (lambda: keras.callbacks.EarlyStopping(patient=3), "patience"),
    (lambda: keras.losses.BinaryCrossentropy(from_logit=True), "from_logits"),
    (lambda: keras.metrics.AUC(num_threshold=9), "num_thresholds"),
]


@pytest.mark.parametrize(("call", "nearest"), MISSPELT)
def test_a_misspelt_argument_is_named_with_the_nearest(call, nearest):
    with pytest.raises(TypeError, match=f"Did you mean.* '?{nearest}'"):
        call()


@pytest.mark.parametrize(
    ("function", "older", "others"),
    [
        ("resize", "image", ((3, 3),)),
        ("extract_patches", "image", (2,)),
        ("affine_transform", "image", (np.eye(1, 8),)),
        ("map_coordinates", "input", (np.zeros((4, 2)), 1)),
    ],
)
def test_functions_of_images_know_the_names_of_keras_3_0(function, older, others):
    function = getattr(keras.ops.image, function)
    names = list(inspect.signature(function).parameters)[1:]
    x = np.random.default_rng(0).random((1, 6, 6, 3), dtype=np.float32)
    named = dict(zip(names, others, strict=False))
    with pytest.warns(DeprecationWarning, match=rf"\({older}=...\) is an older"):
        found = function(**{older: x}, **named)
    np.testing.assert_array_equal(found, function(x, *others))
