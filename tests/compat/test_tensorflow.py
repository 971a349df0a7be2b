import contextlib
import logging
import os

import pytest

import keratorch
from keratorch.compat.tf import lookup
from keratorch.compat.tf.names import HARMLESS, INSTEAD, VALUES

pytestmark = pytest.mark.usefixtures("installed")


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_names_answer(name):
    assert lookup(name) is not None
    assert lookup(f"compat.v1.{name}") is lookup(name)


@pytest.mark.parametrize("name", INSTEAD)
def test_what_is_missing_names_what_to_write_instead(name):
    function = lookup(name)
    with pytest.raises(NotImplementedError, match="TensorFlow's tensors") as caught:
        function(1)
    assert INSTEAD[name] in str(caught.value)


def test_a_script_sets_up_tensorflow_1():
    import tensorflow as tf

    config = tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))
    config.gpu_options.per_process_gpu_memory_fraction = 0.3
    with tf.Session(config=config) as session, tf.device("/gpu:0"):
        assert session.run(tf.global_variables_initializer()) is None
        with pytest.raises(NotImplementedError, match=r"x\.numpy\(\)"):
            session.run("x")


def test_a_script_sets_up_tensorflow_2():
    import tensorflow as tf

    assert tf.config.list_physical_devices("GPU") == []
    assert tf.config.experimental.list_physical_devices("GPU") == []
    assert not tf.test.is_gpu_available()
    assert tf.executing_eagerly()
    assert tf.get_logger() is logging.getLogger("tensorflow")
    assert VALUES["AUTOTUNE"] == tf.data.experimental.AUTOTUNE
    assert tf.__version__.startswith("2.")
    with tf.distribute.MirroredStrategy().scope():
        pass


def test_a_function_of_tensorflow_is_the_function():
    import tensorflow as tf

    @tf.function
    def plain(x):
        return x

    @tf.function(jit_compile=True)
    def compiled(x):
        return x

    assert (plain(1), compiled(2)) == (1, 2)


def test_seeds_make_random_numbers_repeat():
    import tensorflow as tf

    tf.random.set_seed(3)
    first = keratorch.random.normal((2,))
    tf.compat.v1.set_random_seed(3)
    assert (keratorch.random.normal((2,)) == first).all()


def test_activations_of_tensorflow_are_those_of_keras():
    import tensorflow as tf

    layer = tf.keras.layers.Dense(2, activation=tf.nn.relu)
    assert layer.activation is keratorch.activations.relu


def test_keratorch_imported_as_tf_answers_too():
    assert keratorch.config.list_physical_devices("GPU") == []
    assert keratorch.compat.v1.ConfigProto()
    keratorch.random.set_seed(1)
    with pytest.raises(NotImplementedError, match=r"keras\.Input"):
        keratorch.placeholder("float32")
    assert keratorch.reduce_mean([1.0, 3.0]).numpy() == 2


def test_errors_of_tensorflow_can_be_caught():
    import tensorflow as tf

    caught = contextlib.suppress(tf.errors.ResourceExhaustedError)
    with pytest.raises(ZeroDivisionError), caught:
        1 / 0  # noqa: B018
    assert issubclass(tf.errors.OutOfRangeError, Exception)


def test_one_cpu_computes():
    from tensorflow.python.client import device_lib

    (device,) = device_lib.list_local_devices()
    assert (device.name, device.device_type) == ("/device:CPU:0", "CPU")


@pytest.mark.parametrize("room", ["cluster_resolver", "experimental"])
def test_a_script_that_looks_for_a_tpu_goes_on_without(room):
    import tensorflow as tf

    resolver = getattr(tf.distribute, room).TPUClusterResolver
    for look in (resolver, resolver.connect):
        with pytest.raises(ValueError, match="TPUClusterResolver finds no TPU here"):
            look()
    with tf.distribute.get_strategy().scope():
        assert tf.distribute.get_strategy().num_replicas_in_sync == 1


def test_the_newest_checkpoint_is_the_file_written_last(tmp_path):
    import tensorflow as tf

    assert tf.train.latest_checkpoint(str(tmp_path)) is None
    for i, name in enumerate(["cp-0002.ckpt.weights.h5", "cp-0001.ckpt.weights.h5"]):
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, (i, i))
    newest = tf.train.latest_checkpoint(str(tmp_path))
    assert newest == str(tmp_path / "cp-0001.ckpt")


def test_a_strategy_trains_on_the_one_device():
    from keratorch.compat.tf import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy()
    with strategy.scope():
        weight = tf.Variable(2.0)
    data = strategy.experimental_distribute_dataset([1.0, 2.0])
    total = 0.0
    for x in data:
        loss = strategy.run(lambda x: weight * x, args=(x,))
        total += strategy.reduce(tf.distribute.ReduceOp.SUM, loss, axis=None)
    assert float(total) == 6 and strategy.num_replicas_in_sync == 1
    assert strategy.reduce("MEAN", tf.constant([1.0, 3.0]), axis=0).numpy() == 2
    assert strategy.reduce("SUM", tf.constant([1.0, 3.0]), axis=0).numpy() == 4
    made = strategy.distribute_datasets_from_function(
        lambda context: [context.num_replicas_in_sync]
    )
    assert made == [1] and strategy.experimental_local_results(3) == (3,)
    assert strategy.gather(3, axis=0) == 3
    with pytest.raises(ValueError, match="SUM"):
        strategy.reduce("MAX", 1.0, axis=None)
