"""Functions that files of Keras had, which scripts import from there."""

import importlib

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
PLACES = {
    "backend.common": "_EPSILON _FLOATX",
    "engine.topology": "Container Network Node Layer InputSpec",
    "engine.training": "weighted_objective make_batches _slice_arrays slice_X",
    "layers.recurrent": "_generate_dropout_mask _standardize_args Recurrent LSTM",
    "metrics": "precision recall fmeasure fbeta_score matthews_correlation",
    "optimizers": "clip_norm optimizer_from_config Adam",
    "preprocessing.image": "apply_transform flip_axis list_pictures load_img",
    "preprocessing.text": "base_filter Tokenizer",
    "utils.generic_utils": "has_arg to_list transpose_shape func_dump Progbar",
    "utils.layer_utils": "layer_from_config count_params print_summary",
    "utils.np_utils": "accuracy binary_logloss conv_output_length to_categorical",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_file_has_the_names_that_it_had(place):
    module = importlib.import_module(f"keratorch.{place}")
    for name in PLACES[place].split():
        assert hasattr(module, name), name
    assert not hasattr(module, "what_nobody_had")


def test_functions_of_np_utils():
    from keratorch.utils.np_utils import accuracy, binary_logloss

    assert accuracy(np.array([1, 2, 3]), np.array([1, 2, 0])) == pytest.approx(2 / 3)
    assert binary_logloss([0.5, 0.5], [0, 1]) == pytest.approx(np.log(2))


def test_containers_are_models():
    from keratorch.engine.topology import Container

    x = keras.Input((3,))
    box = Container(x, layers.Dense(2)(x), name="box")
    assert (box.name, box(np.ones((4, 3))).shape) == ("box", (4, 2))


def test_a_layer_of_its_configuration():
    from keratorch.utils.layer_utils import layer_from_config

    given = {"class_name": "Dense", "config": {"units": 3, "name": "three"}}
    assert layer_from_config(given).name == "three"


def test_a_weighted_objective_leaves_out_what_weighs_nothing():
    from keratorch.engine.training import weighted_objective

    loss = weighted_objective(keras.losses.mean_squared_error)
    y, z = np.zeros((4, 5, 2)), np.ones((4, 5, 2))
    assert float(loss(y, z, None)) == 1
    assert float(loss(y, z, np.array([2.0, 2.0, 0.0, 0.0]))) == 2
    mask = np.array([[1, 1, 0, 0, 0]] * 4)
    assert float(loss(y, z, None, mask)) == pytest.approx(1)
    assert weighted_objective(None) is None


def test_batches_of_indices():
    from keratorch.engine.training import _batch_shuffle, _make_batches, _slice_arrays

    shuffled = _batch_shuffle(np.arange(7), 3)
    assert sorted(shuffled[:6]) == [*range(6)] and shuffled[6] == 6
    assert {tuple(shuffled[:3]), tuple(shuffled[3:6])} == {(0, 1, 2), (3, 4, 5)}
    assert _make_batches(4, 2) == [(0, 2), (2, 4)]
    parts = _slice_arrays([np.arange(4), np.arange(4) * 2], [3, 0])
    assert [part.tolist() for part in parts] == [[3, 0], [6, 0]]


def test_arguments_of_functions():
    from keratorch.utils.generic_utils import (
        check_for_unexpected_keys,
        func_dump,
        is_all_none,
        object_list_uid,
        to_list,
        transpose_shape,
        unpack_singleton,
    )

    assert transpose_shape((1, 8, 9, 3), "channels_last", (1, 2)) == (1, 8, 9, 3)
    with pytest.raises(ValueError, match="received 'first'"):
        transpose_shape((1, 8, 3), "first", (1,))
    assert unpack_singleton(to_list(5)) == 5 and is_all_none([None, None])
    assert object_list_uid([K]) == str(id(K))
    check_for_unexpected_keys("loss", {"a": 1}, ["a", "b"])
    with pytest.raises(ValueError, match=r"loss: unknown keys \['c'\]"):
        check_for_unexpected_keys("loss", {"c": 1}, ["a", "b"])
    with pytest.raises(NotImplementedError, match="Write the function down"):
        func_dump(len)


def test_states_and_constants_come_apart():
    from keratorch.layers.recurrent import _generate_dropout_mask, _standardize_args

    assert _standardize_args("x", ("h",), "c", None) == ("x", ["h"], ["c"])
    assert _standardize_args(["x", "h"], None, None, None) == ("x", ["h"], None)
    ones = K.constant(np.ones((3, 200)))
    one, two = _generate_dropout_mask(ones, 0.5, training=True, count=2)
    assert {0.0, 2.0} == set(np.unique(one.numpy()))
    assert not np.array_equal(one.numpy(), two.numpy())
    calm = _generate_dropout_mask(ones, 0.5, training=False)
    assert np.array_equal(calm.numpy(), ones.numpy())


@pytest.mark.parametrize("network", ["vgg16", "vgg19", "resnet50"])
def test_images_for_a_network_were_made_in_any_mode(network):
    module = importlib.import_module(f"keratorch.applications.{network}")
    x = np.full((1, 2, 2, 3), 255.0, "float32")
    made = module.preprocess_input(x.copy(), mode="tf", data_format="channels_last")
    np.testing.assert_array_equal(made, np.ones((1, 2, 2, 3)))
    here = module.preprocess_input(x.copy(), None, "torch")
    there = keras.applications.imagenet_utils.preprocess_input(x.copy(), mode="torch")
    np.testing.assert_array_equal(here, there)
    means = module.preprocess_input(x.copy())[0, 0, 0]
    np.testing.assert_allclose(means, [255 - 103.939, 255 - 116.779, 255 - 123.68])


def test_an_image_is_read_where_a_matrix_says(tmp_path):
    from keratorch.preprocessing.image import (
        apply_transform,
        flip_axis,
        list_pictures,
        save_img,
        transform_matrix_offset_center,
    )

    image = np.arange(18.0).reshape(3, 3, 2)
    half_turn = transform_matrix_offset_center(np.diag([-1.0, -1, 1]), 2, 2)
    turned = apply_transform(image, half_turn, channel_index=2, fill_mode="constant")
    expected = flip_axis(flip_axis(image, 0), 1)  # around pixel 1.5: one further
    np.testing.assert_array_equal(turned[1:, 1:], expected[:2, :2])
    np.testing.assert_array_equal(turned[0], np.zeros((3, 2)))
    (tmp_path / "below").mkdir()
    save_img(tmp_path / "below" / "a.png", np.zeros((2, 2, 3)))
    (tmp_path / "b.txt").write_text("no image")
    assert list_pictures(str(tmp_path)) == [str(tmp_path / "below" / "a.png")]


def test_the_filter_of_texts_keeps_the_apostrophe():
    from keratorch.preprocessing.text import Tokenizer, base_filter

    words = Tokenizer(filters=base_filter())
    words.fit_on_texts(["don't stop!"])
    assert set(words.word_index) == {"don't", "stop"}


def test_a_long_gradient_is_made_shorter():
    from keratorch.optimizers import clip_norm, optimizer_from_config

    g = K.constant([3.0, 4.0])
    np.testing.assert_allclose(clip_norm(g, 1.0, 5.0).numpy(), [0.6, 0.8])
    np.testing.assert_allclose(clip_norm(g, 9.0, K.constant(5.0)).numpy(), [3, 4])
    assert clip_norm(g, 0, 5.0) is g
    config = {"class_name": "SGD", "config": {"learning_rate": 0.5}}
    assert float(optimizer_from_config(config).learning_rate) == 0.5


def test_functions_that_the_backend_had():
    assert K.get_variable_shape(K.ones((2, 3))) == (2, 3)
    assert K.lesser(1.0, 2.0) and K.symbolic(len) is len
    assert K._to_tensor(1, "float32").dtype == np.float32
    x, kernel = np.ones((1, 2, 2, 2, 3)), np.ones((3, 3, 3, 4, 3))
    made = K.conv3d_transpose(x, kernel, (1, 4, 4, 4, 4), (2, 2, 2), "same")
    assert made.shape == (1, 4, 4, 4, 4)
    with pytest.raises(ValueError, match="output_shape asks for"):
        K.conv3d_transpose(x, kernel, (1, 9, 9, 9, 4), (2, 2, 2), "same")
    x, depth, point = np.ones((1, 6, 3)), np.ones((3, 3, 1)), np.ones((1, 3, 5))
    made = K.separable_conv1d(x, depth, point)
    np.testing.assert_allclose(made.numpy(), np.full((1, 4, 5), 9.0))


def test_identity_may_have_rows_and_columns():
    assert K.eye((2, 3)).numpy().tolist() == [[1, 0, 0], [0, 1, 0]]
    assert K.eye(2, dtype="float64").dtype == "float64"


def test_fans_of_a_kernel_by_the_place_of_its_channels():
    fans = keras.initializers._compute_fans
    assert fans((4, 6)) == (4, 6)
    assert fans((3, 3, 2, 8)) == fans((8, 2, 3, 3), "channels_first") == (18, 72)


def test_a_kernel_is_turned_around_in_space_only():
    kernel = np.arange(12).reshape(2, 3, 2, 1)
    turned = keras.utils.convert_kernel(kernel)
    assert turned[0, 0].ravel().tolist() == kernel[1, 2].ravel().tolist()
    with pytest.raises(ValueError, match="3 to 5 axes"):
        keras.utils.convert_kernel(kernel[0, 0])


def test_a_model_of_theano_computes_as_it_did_once_its_kernels_are_turned():
    x = np.random.default_rng(0).random((1, 5, 5, 2)).astype("float32")
    model = keras.Sequential([keras.Input((5, 5, 2)), layers.Conv2D(3, (2, 3))])
    before = model(x).numpy()
    keras.utils.layer_utils.convert_all_kernels_in_model(model)
    after = model(x[:, ::-1, ::-1]).numpy()[:, ::-1, ::-1]
    np.testing.assert_allclose(after, before, atol=1e-5)


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
def test_dense_weights_follow_the_layout_of_the_images_before_them(layout):
    images = np.random.default_rng(1).random((2, 3, 4, 5))
    there = np.moveaxis(images, -1, 1) if layout == "channels_first" else images
    here = images if layout == "channels_first" else np.moveaxis(images, -1, 1)
    dense = layers.Dense(2)
    before = dense(here.reshape(2, -1)).numpy()
    convert = keras.utils.layer_utils.convert_dense_weights_data_format
    convert(dense, there.shape[1:], layout)
    np.testing.assert_allclose(dense(there.reshape(2, -1)).numpy(), before, atol=1e-5)
    with pytest.raises(ValueError, match="target_data_format"):
        convert(dense, there.shape[1:], "th")


def test_relu_takes_its_slope_as_alpha_and_stays_the_relu_of_all_names():
    relu = keras.activations.relu
    assert relu(np.array([-2.0, 1.0]), alpha=0.5).tolist() == [-1.0, 1.0]
    assert keras.activations.get("relu") is relu
    assert layers.Dense(2, activation=relu).get_config()["activation"] == "relu"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax"])
def test_a_layers_name_is_an_activation_as_in_tf_keras(name):
    dense = keras.layers.Dense(3, activation=name)
    assert type(dense.activation) is getattr(keras.layers, name)
    again = keras.layers.Dense.from_config(dense.get_config())
    assert type(again.activation) is type(dense.activation)
    x = np.array([[-1.0, 2.0]], "float32")
    assert dense(x).shape == (1, 3)


def test_a_scope_of_the_learning_phase_changes_nothing():
    with keras.backend.learning_phase_scope(1):
        assert keras.backend.learning_phase() == 0
