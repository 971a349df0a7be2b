import ast
import pathlib

import numpy as np
import pytest

from keratorch import applications, layers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def before_2_4(installed):
    """Let a script run that has what Keras lost before 2.4."""
    dialect.read("from keras.engine.topology import Layer")
    yield
    dialect.forget()


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "kernel"),
    [
        ("Convolution2D", (4, 3), {"nb_col": 5}, (3, 5)),
        ("Convolution2D", (4,), {"nb_row": 3, "nb_col": 5}, (3, 5)),
        ("Convolution2D", (4, 3, 5, (6, 7)), {}, (3, 5)),
        ("Convolution3D", (4, 2, 3), {"kernel_dim3": 5}, (2, 3, 5)),
        ("Convolution3D", (4, 2), {"kernel_dim2": 3, "kernel_dim3": 5}, (2, 3, 5)),
        ("Deconvolution2D", (4, 3, 5, (None, 8, 8, 4)), {}, (3, 5)),
        ("Deconvolution2D", (4, 3, 5), {"output_shape": (8, 8, 4)}, (3, 5)),
        ("Conv2DTranspose", (4, 3, 5), {"border_mode": "same"}, (3, 5)),
        ("SeparableConv2D", (4, 3, 5), {"border_mode": "same"}, (3, 5)),
        ("ConvLSTM2D", (4, 3, 5), {"border_mode": "same"}, (3, 5)),
        ("ConvLSTM2D", (4, 3), {"nb_col": 5}, (3, 5)),
    ],
)
def test_sizes_of_a_kernel_come_by_place_and_by_name(name, args, kwargs, kernel):
    layer = getattr(layers, name)(*args, **kwargs)
    assert (layer.filters, layer.kernel_size) == (4, kernel)
    assert set(layer.strides) == {1}


def test_two_integers_are_a_kernel_in_scripts_of_that_time(before_2_4):
    assert layers.Conv2D(4, 3, 5).kernel_size == (3, 5)
    assert layers.Conv2D(4, 3, 2, padding="same").strides == (2, 2)


def test_one_older_argument_tells_of_the_others(installed):
    dialect.read("from keras.layers import Conv2D; Conv2D(4, 5, 5, subsample=(2, 2))")
    assert layers.Conv2D(4, 3, 3).kernel_size == (3, 3)
    dialect.read("from tensorflow.keras.layers import Conv2D; Conv2D(4, 3, 3)")
    assert layers.Conv2D(4, 3, 3).strides == (3, 3)
    dialect.forget()


def test_our_own_networks_are_read_as_of_today():
    folder = pathlib.Path(applications.__file__).parent
    calls = (
        node
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and "Conv" in ast.unparse(node.func)
    )
    for call in calls:
        words = {keyword.arg for keyword in call.keywords}
        assert len(call.args) < 3 or words & {"padding", "strides"}, ast.unparse(call)


def test_init_is_of_both_kernels_of_a_separable_convolution():
    layer = layers.SeparableConv2D(4, 3, init="he_normal")
    found = (layer.depthwise_initializer, layer.pointwise_initializer)
    assert [type(one).__name__ for one in found] == ["HeNormal"] * 2


@pytest.mark.parametrize("by_name", [False, True])
def test_padding_by_sides_leaves_the_others_alone(by_name):
    sides = {"top_pad": 1, "right_pad": 3}
    given = {"padding": sides} if by_name else {}
    layer = layers.ZeroPadding2D(*([] if by_name else [sides]), **given)
    assert layer.padding == ((1, 0), (0, 3))


def test_a_side_that_images_lack_is_an_error():
    with pytest.raises(ValueError, match="padding"):
        layers.ZeroPadding2D({"front_pad": 1})


def test_pooling_ends_with_the_order_of_axes():
    assert layers.MaxPooling2D((2, 2), None, "same", "th").data_format == (
        "channels_first"
    )
    assert layers.AveragePooling3D((2, 2, 2), None, "valid", "tf").pool_size == (
        2,
        2,
        2,
    )


def test_padding_is_four_numbers_or_a_dict_of_ends():
    assert layers.ZeroPadding2D((1, 2, 0, 3)).padding == ((1, 2), (0, 3))
    ends = {"left_pad": 1, "right_pad": 2}
    assert layers.ZeroPadding1D(ends)(np.ones((1, 2, 1))).shape == (1, 5, 1)
    assert layers.Reshape(dims=(3, 2)).target_shape == (3, 2)


def test_keras_0_gave_the_channels_of_the_inputs_behind_the_filters():
    layer = layers.Convolution2D(4, 3, 5, 2, border_mode="same")
    assert (layer.filters, layer.kernel_size) == (4, (5, 2))
    assert layer(np.ones((1, 6, 6, 3))).shape == (1, 6, 6, 4)
    sequences = layers.Convolution1D(3, 4, 5)
    assert (sequences.filters, sequences.kernel_size) == (4, (5,))
    pool = layers.MaxPooling2D(poolsize=(2, 3))
    assert pool.pool_size == (2, 3)
