import json
import math

import numpy as np
import pytest

from keratorch import GradArray, initializers, random
from keratorch.errors import ArgumentError

RANDOM = [
    initializers.GlorotNormal,
    initializers.GlorotUniform,
    initializers.HeNormal,
    initializers.HeUniform,
    initializers.LecunNormal,
    initializers.LecunUniform,
    initializers.Orthogonal,
    initializers.RandomNormal,
    initializers.RandomUniform,
    initializers.TruncatedNormal,
    initializers.VarianceScaling,
]
ALL = [
    *RANDOM,
    initializers.Constant,
    initializers.Identity,
    initializers.Ones,
    initializers.Zeros,
]

# Keras 3.15: keras.initializers.<name>(seed=3).get_config()
KERAS_CONFIGS = {
    "Zeros": {},
    "Ones": {},
    "Constant": {"value": 0.0},
    "Identity": {},
    "RandomNormal": {"seed": None, "mean": 0.0, "stddev": 0.05},
    "TruncatedNormal": {"seed": None, "mean": 0.0, "stddev": 0.05},
    "RandomUniform": {"seed": None, "minval": -0.05, "maxval": 0.05},
    "Orthogonal": {"seed": None, "gain": 1.0},
    "GlorotUniform": {"seed": None, "input_axes": None, "output_axes": None},
    "HeNormal": {"seed": None, "input_axes": None, "output_axes": None},
    "VarianceScaling": {
        "seed": None,
        "scale": 1.0,
        "mode": "fan_in",
        "distribution": "truncated_normal",
        "input_axes": None,
        "output_axes": None,
    },
}


@pytest.mark.parametrize("name", KERAS_CONFIGS)
def test_default_configuration_is_that_of_keras(name):
    assert initializers.get(name).get_config() == KERAS_CONFIGS[name]


@pytest.mark.parametrize("cls", ALL)
def test_values_have_the_shape_and_dtype_asked_for(cls):
    for dtype in (None, "float16", "float64"):
        values = cls()((4, 3), dtype=dtype)
        assert isinstance(values, np.ndarray)
        assert values.shape == (4, 3)
        assert values.dtype == (dtype or "float32")


@pytest.mark.parametrize("cls", RANDOM)
def test_an_int_seed_repeats_and_no_seed_goes_on(cls):
    np.testing.assert_array_equal(cls(seed=3)((4, 3)), cls(seed=3)((4, 3)))
    seeded = cls(seed=3)
    np.testing.assert_array_equal(seeded((4, 3)), seeded((4, 3)))
    free = cls()
    random.set_seed(1)
    first, second = free((4, 3)), free((4, 3))
    assert (first != second).any()
    random.set_seed(1)
    np.testing.assert_array_equal(first, free((4, 3)))


@pytest.mark.parametrize("cls", ALL)
def test_a_configuration_makes_an_equal_initializer(cls):
    initializer = cls(seed=3) if cls in RANDOM else cls()
    description = json.loads(json.dumps(initializers.serialize(initializer)))
    assert description["module"] == "keras.initializers"
    for again in (initializers.deserialize(description), initializer.clone()):
        assert type(again) is cls
        np.testing.assert_array_equal(initializer((3, 3)), again((3, 3)))


def test_a_seed_generator_goes_through_the_configuration():
    initializer = initializers.HeNormal(seed=random.SeedGenerator(3, name="s"))
    description = json.loads(json.dumps(initializers.serialize(initializer)))
    # Keras 3.15: the same object's serialization
    assert description["config"]["seed"] == {
        "module": "keras.random",
        "class_name": "SeedGenerator",
        "config": {"seed": 3, "name": "s"},
        "registered_name": None,
    }
    again = initializers.deserialize(description)
    first, second = initializer((3,)), initializer((3,))
    assert (first != second).any()
    np.testing.assert_array_equal(first, again((3,)))


def test_arguments_off_their_defaults_survive_the_configuration():
    identity = initializers.Identity(gain=2.0).clone()
    np.testing.assert_array_equal(identity((2, 2)), 2 * np.eye(2))
    constant = initializers.Constant([1.0, 2.0]).clone()
    np.testing.assert_array_equal(constant((2, 2)), [[1, 2], [1, 2]])


@pytest.mark.parametrize(
    ("cls", "scale", "fan"),
    [
        (initializers.GlorotUniform, 2, "sum"),
        (initializers.GlorotNormal, 2, "sum"),
        (initializers.HeUniform, 2, "in"),
        (initializers.HeNormal, 2, "in"),
        (initializers.LecunUniform, 1, "in"),
        (initializers.LecunNormal, 1, "in"),
    ],
)
def test_variance_is_scale_over_fan(cls, scale, fan):
    values = cls(seed=1)((200, 300))
    variance = scale / (500 if fan == "sum" else 200)
    assert abs(values.mean()) < 0.01 * math.sqrt(variance)
    assert abs(values.var() / variance - 1) < 0.02
    limit = math.sqrt(3 * variance)
    if cls.__name__.endswith("Normal"):
        limit = 2 * math.sqrt(variance) / 0.87962566103423978
    assert 0.99 * limit < np.abs(values).max() <= limit


def test_untruncated_normal_has_tails():
    scaled = initializers.VarianceScaling(distribution="untruncated_normal", seed=1)
    values = scaled((100, 1000))
    assert abs(values.std() - 0.1) < 0.001
    assert np.abs(values).max() > 0.3


def test_normal_means_truncated_normal():
    scaled = initializers.VarianceScaling(distribution="Normal")
    assert scaled.get_config()["distribution"] == "truncated_normal"


@pytest.mark.parametrize(
    ("shape", "fans"),
    # Keras 3.15: keras.src.initializers.random_initializers.compute_fans
    [
        ((), (1, 1)),
        ((7,), (7, 7)),
        ((5, 6), (5, 6)),
        ((3, 4, 5), (12, 15)),
        ((3, 3, 16, 32), (144, 288)),
    ],
)
def test_fans_are_those_of_keras(shape, fans):
    assert initializers.compute_fans(shape) == fans


def test_axes_given_decide_the_fans():
    assert initializers.compute_fans((2, 3, 4), [0], [1, 2]) == (2, 12)
    scaled = initializers.GlorotUniform(seed=1, input_axes=[0], output_axes=[1, 2])
    assert np.abs(scaled((2, 30, 40))).max() <= math.sqrt(6 / 1202)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 3, 4)])
def test_orthogonal_has_orthonormal_rows_or_columns(shape):
    q = initializers.Orthogonal(gain=2.0, seed=1)(shape).reshape(-1, shape[-1]) / 2
    gram = q @ q.T if q.shape[0] < q.shape[1] else q.T @ q
    np.testing.assert_allclose(gram, np.eye(len(gram)), atol=1e-6)


def test_orthogonal_is_uniform_over_both_determinants():
    signs = [
        np.sign(np.linalg.det(initializers.Orthogonal(seed=seed)((3, 3))))
        for seed in range(20)
    ]
    assert {*signs} == {-1, 1}


@pytest.mark.parametrize(
    ("alias", "cls"),
    [
        ("zero", initializers.Zeros),
        ("one", initializers.Ones),
        ("uniform", initializers.RandomUniform),
        ("normal", initializers.RandomNormal),
        ("he_normal", initializers.HeNormal),
        ("GlorotUniform", initializers.GlorotUniform),
        ("IdentityInitializer", initializers.Identity),
    ],
)
def test_names_of_keras_are_known(alias, cls):
    assert type(initializers.get(alias)) is cls


def test_get_takes_arrays_functions_and_instances():
    given = np.arange(6.0).reshape(2, 3)
    values = initializers.get(given)((2, 3))
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, given)
    assert initializers.get(None) is None
    instance = initializers.Zeros()
    assert initializers.get(instance) is instance
    assert initializers.get(initializers.zeros)((1,)) == 0


def test_get_copies_the_array():
    given = np.zeros(2, np.float32)
    initializers.get(given)((2,))[0] = 1
    assert given[0] == 0


def test_an_array_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 2\).*shape \(2, 3\)"):
        initializers.get(np.zeros((2, 3)))((3, 2))


def test_unknown_name_gets_a_suggestion():
    with pytest.raises(ValueError, match="Did you mean 'glorot_uniform'") as caught:
        initializers.get("glorot_unifrom")
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: initializers.VarianceScaling(scale=0.0), "scale must be > 0"),
        (lambda: initializers.VarianceScaling(mode="fan_on"), "Did you mean 'fan_in'"),
        (lambda: initializers.VarianceScaling(distribution="flat"), "distribution"),
        (lambda: initializers.Orthogonal()((3,)), "at least two axes"),
        (lambda: initializers.Identity()((3,)), "matrices only"),
        (lambda: initializers.HeNormal(seed=-1), "seed must be >= 0"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_seed_of_another_type_is_refused():
    with pytest.raises(ArgumentError, match="seed must be an int"):
        initializers.RandomNormal(seed="1")


def test_a_tensor_holds_the_values_of_a_weight():
    make = initializers.get(GradArray([[1.0, 2.0]]))
    np.testing.assert_array_equal(make((1, 2), dtype="int32"), [[1, 2]])
    with pytest.raises(ValueError, match=r"weight has shape \(2,\)"):
        make((2,))
