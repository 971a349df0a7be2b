import numpy as np
import pytest

from keratorch import config, dtypes


@pytest.fixture
def doubles():
    config.set_floatx("float64")
    yield
    config.set_floatx("float32")


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (None, "float32"),
        ("int", "int32"),
        (int, "int32"),
        (float, "float32"),
        (complex, "complex64"),
        (str, "string"),
        (np.int64, "int64"),
        (np.dtype("bool"), "bool"),
        ("uint16", "uint16"),
    ],
)
def test_types_of_every_kind_have_keras_names(dtype, name):
    assert dtypes.standardize_dtype(dtype) == name


@pytest.mark.parametrize("dtype", ["bfloat16", "float", "object", 32, np.datetime64])
def test_what_is_no_type_of_numbers_is_refused(dtype):
    with pytest.raises(ValueError, match="must name a type of NumPy's numbers"):
        dtypes.standardize_dtype(dtype)


# As Keras gives them, but for 64 bits, which stay as with Keras on TensorFlow.
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ((), "float32"),
        ((None, "int8"), "float32"),
        (("int32", "float16"), "float16"),
        (("float16", float, int), "float16"),
        (("int32", float), "float32"),
        (("int8", int), "int8"),
        (("bool", int), "int32"),
        ((int, float), "float32"),
        (("uint16", "int16"), "int32"),
        (("uint64", "int8"), "float32"),
        (("float32", "complex64", "int8"), "complex64"),
        (("float64", "float32"), "float64"),
        (("string", "string"), "string"),
    ],
)
def test_two_types_make_keras_third(given, name):
    assert dtypes.result_type(*given) == name


def test_python_numbers_take_the_size_of_floatx(doubles):
    assert dtypes.result_type(int) == "int64"
    assert dtypes.result_type(int, "bool") == "int64"
    assert dtypes.result_type("int8", float) == "float64"


def test_strings_and_numbers_make_nothing():
    with pytest.raises(ValueError, match="no number is made of"):
        dtypes.result_type("string", "int8")
