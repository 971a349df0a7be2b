import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import keratorch
from keratorch import compat
from keratorch.compat.paths import PATHS, ROOTS

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("path", PATHS)
def test_an_older_path_can_be_imported_under_each_root(path):
    found = importlib.import_module(f"keratorch.{path}")
    for root in ROOTS[-2:]:
        assert importlib.import_module(f"{root}.{path}") is found


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("layers.core", "Dense"),
        ("layers.core.dense", "Dense"),
        ("layers.normalization", "BatchNormalization"),
        ("layers.pooling", "GlobalMaxPooling2D"),
        ("layers.convolutional", "Convolution2D"),
        ("layers.advanced_activations", "LeakyReLU"),
        ("layers.recurrent", "LSTM"),
        ("layers.experimental.preprocessing", "Rescaling"),
        ("engine.topology", "Layer"),
        ("engine", "Model"),
        ("optimizers.adam_v2", "Adam"),
        ("optimizers.ftrl", "Ftrl"),
        ("optimizers.gradient_descent_v2", "SGD"),
        ("optimizers.legacy", "Adam"),
        ("objectives", "categorical_crossentropy"),
        ("initializations", "normal"),
        ("src.layers.core.dense", "Dense"),
        ("activations.activations", "relu"),
        ("constraints.constraints", "MaxNorm"),
        ("initializers.initializers", "GlorotNormal"),
        ("layers.activation.leaky_relu", "LeakyReLU"),
        ("layers.activations.activation", "Activation"),
        ("layers.core.lambda_layer", "Lambda"),
        ("layers.locally_connected.locally_connected2d", "LocallyConnected2D"),
        ("layers.multi_head_attention", "MultiHeadAttention"),
        ("layers.preprocessing.image_preprocessing", "RandomFlip"),
        ("layers.rnn.base_rnn", "RNN"),
        ("layers.rnn.lstm_v1", "LSTM"),
        ("legacy.preprocessing.image", "ImageDataGenerator"),
        ("legacy.preprocessing.text", "Tokenizer"),
        ("metrics.base_metric", "Mean"),
        ("metrics.confusion_metrics", "AUC"),
        ("mixed_precision.loss_scale_optimizer", "LossScaleOptimizer"),
        ("mixed_precision.policy", "Policy"),
        ("models.cloning", "clone_model"),
        ("optimizer_v2.gradient_descent", "SGD"),
        ("optimizers.legacy.learning_rate_schedule", "PolynomialDecay"),
        ("optimizers.optimizer_experimental.adam", "Adam"),
        ("optimizers.optimizer_v1", "RMSprop"),
        ("optimizers.schedules.learning_rate_schedule", "ExponentialDecay"),
        ("optimizers.schedules.learning_rate_schedule", "LearningRateSchedule"),
        ("preprocessing.image_dataset", "image_dataset_from_directory"),
        ("saving.object_registration", "register_keras_serializable"),
        ("saving.saving_api", "load_model"),
        ("utils.timeseries_dataset", "timeseries_dataset_from_array"),
    ],
)
def test_names_are_found_where_they_were(path, name):
    for root in ("keras", "tensorflow.keras", "tensorflow.python.keras"):
        assert hasattr(importlib.import_module(f"{root}.{path}"), name)


@pytest.mark.usefixtures("installed")
def test_keras_is_keratorch_under_every_name():
    import keras
    import tensorflow as tf
    from tensorflow.keras.layers import Dense

    assert keras.layers is tf.keras.layers is keratorch.layers
    assert Dense is keratorch.layers.Dense
    assert keras.__version__.startswith("3.")
    assert keratorch.keras is keratorch


@pytest.mark.usefixtures("quiet")
def test_with_only_the_import_changed_older_paths_are_attributes():
    assert keratorch.layers.core.Dense is keratorch.layers.Dense
    assert keratorch.layers.normalization.BatchNormalization
    assert keratorch.utils.np_utils.to_categorical is keratorch.utils.to_categorical


def test_an_older_path_warns_once_and_names_the_modern_one():
    sys.modules.pop("keratorch.layers.noise", None)
    with pytest.warns(DeprecationWarning, match=r"noise is .* Write keras.layers\."):
        importlib.import_module("keratorch.layers.noise")


@pytest.mark.usefixtures("quiet")
def test_a_star_brings_the_names_of_the_room():
    module = importlib.import_module("keratorch.layers.core")
    assert {"Dense", "Dropout", "Merge"} <= set(module.__all__)


def test_a_name_that_never_was_raises_with_the_near_ones():
    with pytest.raises(AttributeError, match=r"Did you mean 'Dense'"):
        _ = keratorch.layers.Dens
    with pytest.raises(ImportError):
        importlib.import_module("keratorch.layers.nowhere")


@pytest.mark.usefixtures("installed")
def test_a_module_that_never_was_raises():
    with pytest.raises(ModuleNotFoundError, match=r"keras\.nowhere"):
        importlib.import_module("keras.nowhere")


def test_a_real_keras_that_is_loaded_is_not_replaced(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", type(sys)("keras"))
    with pytest.raises(RuntimeError, match=r"keras is loaded already"):
        compat.install()


def test_importing_keratorch_loads_no_table():
    program = (
        "import sys, keratorch; from keratorch import compat; compat.watch();"
        "print([m for m in sys.modules if m in ('keratorch.compat.rooms',"
        " 'keratorch.layers', 'keratorch.compat.names')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_keratorch_stands_in_for_tensorflow_by_its_name():
    from keratorch.keras.layers import Dense
    from keratorch.keras.layers.core import Dropout

    assert Dense is keratorch.layers.Dense
    assert Dropout is keratorch.layers.Dropout
    assert keratorch.keras is keratorch


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "root", ["keras", "tensorflow.keras", "tensorflow.python.keras"]
)
def test_networks_are_found_by_their_older_paths(root):
    old = importlib.import_module(f"{root}.applications.mobilenetv2")
    assert old.MobileNetV2 is keratorch.applications.MobileNetV2
    today = importlib.import_module(f"{root}.applications.inception_v3")
    assert today.InceptionV3 is keratorch.applications.InceptionV3


@pytest.mark.usefixtures("installed")
def test_networks_were_a_package_of_their_own():
    from keras_applications.imagenet_utils import _obtain_input_shape
    from keras_applications.resnet_common import ResNet50

    assert ResNet50 is keratorch.applications.ResNet50
    shape = _obtain_input_shape((32, 32, 3), 224, 16, "channels_last", False)
    assert shape == (32, 32, 3)


@pytest.mark.usefixtures("installed")
def test_experimental_rooms_hold_what_is_in_the_rooms_today():
    from tensorflow.keras.callbacks.experimental import BackupAndRestore
    from tensorflow.keras.mixed_precision import experimental

    assert BackupAndRestore is keratorch.callbacks.BackupAndRestore
    assert experimental.set_policy is keratorch.mixed_precision.set_global_policy


def test_a_star_brings_older_names_without_a_warning(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from keras.layers import *\nlayer = Deconv2D\n"
        "from keras.layers import Deconv3D\n"
    )
    run = [sys.executable, "-W", "always", "-m", "keratorch", "run", str(script)]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT)
    assert "Deconv3D is an older spelling" in done.stderr
    assert done.stderr.count("older spelling") == 1


@pytest.mark.usefixtures("installed")
def test_activations_below_layers_are_those_that_a_star_brought_as_well():
    import keras.layers.activations

    brought = {}
    exec("from keras.layers import *", brought)
    assert brought["activations"].get("relu") is keratorch.activations.relu
    assert keras.layers.activations.ReLU is keratorch.layers.ReLU


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("module", "name", "modern"),
    [
        ("tensorflow.python.keras._impl.keras.layers", "Dense", "layers.Dense"),
        ("tensorflow.python.keras.backend_config", "epsilon", "backend.epsilon"),
        ("keras.engine.data_adapter", "unpack_x_y_sample_weight", "utils."),
        ("keras.engine.keras_tensor", "KerasTensor", "KerasTensor"),
        ("keras.engine.base_preprocessing_layer", "PreprocessingLayer", "layers.Layer"),
        ("keras.layers.experimental.preprocessing", "PreprocessingLayer", "Layer"),
        ("keras.utils.image_utils", "smart_resize", "preprocessing.image."),
        ("keras.preprocessing.image.utils", "load_img", "utils.load_img"),
        ("keras_preprocessing.image.iterator", "Iterator", "preprocessing.image."),
        ("keras.applications.mobilenet", "relu6", "activations.relu6"),
        ("keras.applications.mobilenet", "DepthwiseConv2D", "layers."),
        ("keras.metrics.accuracy_metrics", "binary_accuracy", "metrics."),
        ("keras.metrics.regression_metrics", "R2Score", "metrics."),
        ("keras.callbacks.tensorboard_v2", "TensorBoard", "callbacks."),
        ("keras.optimizer_v2.optimizer_v2", "OptimizerV2", "optimizers.Optimizer"),
        ("keras.src.random.seed_generator", "SeedGenerator", "random."),
        ("keras.src.backend.common.keras_tensor", "KerasTensor", "KerasTensor"),
    ],
)
def test_internal_files_lead_to_what_is_public_today(module, name, modern):
    found = getattr(importlib.import_module(module), name)
    today = modern + name if modern.endswith(".") else modern
    room, _, attribute = today.rpartition(".")
    room = room or ("" if hasattr(keratorch, attribute) else "layers")
    owner = importlib.import_module(f"keratorch.{room}".rstrip("."))
    assert found is getattr(owner, attribute)


@pytest.mark.usefixtures("installed")
def test_shapes_need_no_conversion():
    from tensorflow.python.keras.utils import tf_utils

    class Own(keratorch.layers.Layer):
        @tf_utils.shape_type_conversion
        def build(self, input_shape):
            self.width = input_shape[-1]

        def call(self, x):
            return x * self.width

    assert np.all(Own()(np.ones((2, 3))).numpy() == 3)
    assert tf_utils.is_tensor_or_tensor_list([np.ones(2)])


@pytest.mark.usefixtures("installed")
def test_pooling_of_ones_own_derives_from_its_base():
    from keras.layers.pooling import _GlobalPooling1D, _Pooling2D

    class GlobalSum(_GlobalPooling1D):
        def call(self, inputs):
            return keratorch.ops.sum(inputs, axis=1)

    class Least(_Pooling2D):
        def _pooling_function(self, inputs, pool_size, strides, padding, data_format):
            return -keratorch.ops.max_pool(
                -inputs, pool_size, strides, padding, data_format
            )

    x = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    assert Least()(x).numpy().ravel().tolist() == [0, 2, 8, 10]
    symbol = keratorch.Input((4, 3))
    assert GlobalSum()(symbol).shape == (None, 3)
    with pytest.raises(NotImplementedError, match="no _pooling_function"):
        _Pooling2D((2, 2))(x)
