"""`tf.train.Checkpoint` restores what it saved, and later what is built later."""

import os

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(3)
        self.parts = [keras.layers.Dense(2)]

    def call(self, x):
        return self.parts[0](self.hidden(x))


X = np.ones((2, 4), "float32")


def trained():
    net, optimizer = Net(), keras.optimizers.Adam(0.1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(net(X) ** 2)
    weights = net.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return net, optimizer


def test_save_numbers_files_and_latest_checkpoint_finds_them(tmp_path):
    net, optimizer = trained()
    checkpoint = tf.train.Checkpoint(net=net, optimizer=optimizer)
    assert checkpoint.save(tmp_path / "ckpt") == str(tmp_path / "ckpt-1")
    assert checkpoint.save(file_prefix=tmp_path / "ckpt").endswith("ckpt-2")
    assert tf.train.latest_checkpoint(str(tmp_path)) == str(tmp_path / "ckpt-2")
    assert os.path.exists(tmp_path / "ckpt-2.index")
    assert int(checkpoint.save_counter) == 2


def test_restore_fills_weights_and_the_optimizers_state(tmp_path):
    net, optimizer = trained()
    path = tf.train.Checkpoint(net=net, optimizer=optimizer).save(tmp_path / "c")
    other, state = trained()
    status = tf.train.Checkpoint(net=other, optimizer=state).restore(path)
    status.assert_consumed().assert_existing_objects_matched().expect_partial()
    for one, two in zip(net.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    for one, two in zip(optimizer.variables, state.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_what_is_built_later_is_restored_then(tmp_path):
    net, optimizer = trained()
    path = tf.train.Checkpoint(net=net, optimizer=optimizer).save(tmp_path / "c")
    other, state = Net(), keras.optimizers.Adam(0.1)
    tf.train.Checkpoint(net=other, optimizer=state).restore(path)
    np.testing.assert_allclose(other(X).numpy(), net(X).numpy())
    state.build(other.trainable_variables)
    for one, two in zip(optimizer.variables, state.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_a_variable_gets_its_value_when_it_is_assigned_later(tmp_path):
    saved = tf.train.Checkpoint(a=tf.Variable(1.0), inner={"b": tf.Variable(2.0)})
    path = saved.write(tmp_path / "c")
    root = tf.train.Checkpoint(a=tf.Variable(0.0))
    status = root.read(path)
    with pytest.raises(AssertionError, match="Unresolved"):
        status.assert_consumed()
    root.inner = {"b": tf.Variable(0.0)}
    assert float(root.a) == 1 and float(root.inner["b"]) == 2
    status.assert_consumed()


def test_a_variable_by_two_paths_is_found_by_each(tmp_path):
    v = tf.Variable(7.0)
    path = tf.train.Checkpoint(one=[v], two={"x": v}).write(tmp_path / "c")
    w = tf.Variable(0.0)
    tf.train.Checkpoint(two={"x": w}).restore(path)
    assert float(w) == 7
    assert tf.train.list_variables(path) == [("one/0", []), ("two/x", [])]
    assert tf.train.load_variable(path, "one/0") == 7


def test_objects_without_a_value_are_named(tmp_path):
    path = tf.train.Checkpoint(a=tf.Variable(1.0)).write(tmp_path / "c")
    status = tf.train.Checkpoint(other=tf.Variable(1.0)).restore(path)
    with pytest.raises(AssertionError, match="other"):
        status.assert_existing_objects_matched()


def test_wrong_files_and_objects_raise(tmp_path):
    checkpoint = tf.train.Checkpoint(a=tf.Variable(1.0))
    with pytest.raises(FileNotFoundError, match="no checkpoint"):
        checkpoint.restore(str(tmp_path / "nothing"))
    (tmp_path / "theirs.index").write_bytes(b"\x00\x01")
    with pytest.raises(ValueError, match="no checkpoint of KeraTorch's"):
        checkpoint.restore(str(tmp_path / "theirs"))
    with pytest.raises(ValueError, match="trackable"):
        tf.train.Checkpoint(a=3)
    assert checkpoint.restore(None).assert_consumed()


def test_a_root_is_saved_beside_names(tmp_path):
    class Model(tf.Module):
        def __init__(self, value):
            super().__init__()
            self.w = tf.Variable(value)

    path = tf.train.Checkpoint(Model(4.0)).write(tmp_path / "c")
    model = Model(0.0)
    tf.train.Checkpoint(model).restore(path)
    assert float(model.w) == 4


def test_the_manager_keeps_the_last_few(tmp_path):
    step = tf.Variable(0)
    checkpoint = tf.train.Checkpoint(step=step)
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=2)
    assert manager.latest_checkpoint is None
    assert manager.restore_or_initialize() is None
    for _ in range(3):
        step.assign_add(1)
        manager.save()
    kept = [str(tmp_path / f"ckpt-{n}") for n in (2, 3)]
    assert manager.checkpoints == kept
    assert not os.path.exists(tmp_path / "ckpt-1.index")
    fresh = tf.train.Checkpoint(step=tf.Variable(0))
    again = tf.train.CheckpointManager(fresh, tmp_path, 2)
    assert again.checkpoints == kept and again.directory == str(tmp_path)
    assert again.restore_or_initialize() == kept[1]
    assert int(fresh.step) == 3
    assert again.save().endswith("ckpt-4")


def test_the_manager_waits_for_its_interval(tmp_path):
    step = tf.Variable(0)
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(step=step),
        tmp_path,
        None,
        step_counter=step,
        checkpoint_interval=5,
    )
    assert manager.save() is not None
    assert manager.save() is None
    step.assign(5)
    assert manager.save() is not None


def test_arguments_of_the_manager_that_mean_nothing_here_raise(tmp_path):
    checkpoint = tf.train.Checkpoint(step=tf.Variable(0))
    with pytest.raises(ValueError, match="not supported"):
        tf.train.CheckpointManager(checkpoint, tmp_path, 1, init_fn=print)
    with pytest.raises(ValueError, match="max_to_keep"):
        tf.train.CheckpointManager(checkpoint, tmp_path, 0)
