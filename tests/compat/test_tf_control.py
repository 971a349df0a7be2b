"""Loops, TensorArray, printing, assertions, errors and summaries of `tf`."""

import sys

import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")


def test_gradients_flow_through_loops():
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        _, power = tf.while_loop(
            lambda i, p: i < 3, lambda i, p: (i + 1, p * x), (tf.constant(0), 1.0)
        )
        mapped = tf.map_fn(lambda n: n * x, tf.constant([1.0, 2.0]))
        scanned = tf.scan(lambda a, n: a * x + n, tf.constant([1.0, 1.0, 1.0]))[-1]
        chosen = tf.cond(x > 1, lambda: x * 5.0, lambda: x)
    assert float(tape.gradient(power, x)) == 12
    assert float(tape.gradient(mapped, x)) == 3
    assert float(tape.gradient(scanned, x)) == 5
    assert float(tape.gradient(chosen, x)) == 5


def test_while_loop_counts_and_keeps_lists():
    assert isinstance(tf.while_loop(lambda i: False, lambda i: i, [1]), list)
    found = tf.while_loop(lambda i: True, lambda i: i + 1, (0,), maximum_iterations=4)
    assert found == (4,)
    with pytest.raises(ValueError, match="back_prop"):
        tf.while_loop(lambda i: False, lambda i: i, (0,), back_prop=False)


def test_case_takes_the_first_that_holds():
    pairs = [(tf.constant(False), lambda: 1), (tf.constant(True), lambda: 2)]
    assert tf.case(pairs) == 2
    assert tf.case(pairs[:1], default=lambda: 3) == 3
    with pytest.raises(ValueError, match="no default"):
        tf.case(pairs[:1])
    with pytest.raises(ValueError, match="exclusive"):
        tf.case(pairs[1:] * 2, exclusive=True)
    assert tf.switch_case(9, [lambda: 1, lambda: 2]) == 2
    assert tf.switch_case(9, {0: lambda: 1}, default=lambda: 5) == 5


def test_tensor_arrays_are_written_read_and_stacked():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        for i in tf.range(3):
            array = array.write(i, x * tf.cast(i, tf.float32))
        total = tf.reduce_sum(array.stack())
    assert float(tape.gradient(total, x)) == 3
    assert len(array) == 3 and array.size().numpy() == 3
    scattered = tf.TensorArray(tf.int32, 3).scatter([2, 0], [5, 6])
    np.testing.assert_array_equal(scattered.stack(), [6, 0, 5])
    split = tf.TensorArray(tf.int32, 2).split([1, 2, 3], [1, 2])
    np.testing.assert_array_equal(split.read(1), [2, 3])
    with pytest.raises(IndexError, match="not resizeable"):
        tf.TensorArray(tf.float32, 1).write(1, 0.0)
    with pytest.raises(IndexError, match="nothing was written"):
        tf.TensorArray(tf.float32, 1).read(0)


def test_numpy_functions_give_tensors_of_dtypes():
    found = tf.numpy_function(lambda x: (x * 2, 1), [[1.0]], [tf.float32, tf.int32])
    assert [x.dtype.name for x in found] == ["float32", "int32"]
    assert tf.py_function(lambda x: x + 1, [tf.constant(1)], tf.int64).numpy() == 2


def test_print_writes_to_the_error_stream(capsys, tmp_path):
    tf.print("loss:", tf.constant(1.5), [tf.constant([1, 2])], {"a": 1}, sep="|")
    assert capsys.readouterr().err == "loss:|1.5|[[1 2]]|{'a': 1}\n"
    tf.print(tf.range(10), output_stream=sys.stdout, end="")
    assert capsys.readouterr().out == "[0 1 2 ... 7 8 9]"
    file = tmp_path / "log"
    tf.print("x", output_stream=f"file://{file}")
    assert file.read_text() == "x\n"
    with pytest.raises(ValueError, match="output_stream"):
        tf.print("x", output_stream="nowhere")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("equal", ([1, 2], [1, 2]), (1, 2)),
        ("less", (1, 2), (2, 1)),
        ("greater_equal", (2, 2), (1, 2)),
        ("positive", ([1.0],), ([0.0],)),
        ("non_negative", ([0.0],), ([-1.0],)),
        ("rank", ([[1]], 2), ([1], 2)),
        ("scalar", (1,), ([1],)),
        ("near", (1.0, 1.0000001), (1.0, 1.1)),
        ("all_finite", ([1.0],), ([np.nan],)),
    ],
)
def test_assertions_raise_what_scripts_catch(name, right, wrong):
    check = getattr(tf.debugging, f"assert_{name}")
    check(*right, message="is well")
    with pytest.raises(tf.errors.InvalidArgumentError):
        check(*wrong)


def test_assert_shapes_and_numerics():
    x = tf.zeros([2, 3])
    tf.debugging.assert_shapes([(x, ("n", 3)), (x[0], (None,))])
    with pytest.raises(ValueError, match="assert_shapes"):
        tf.debugging.assert_shapes({x.ref(): ("n", "n")})
    assert tf.debugging.check_numerics(x, "x") is x
    with pytest.raises(ValueError, match="loss : Tensor had NaN"):
        tf.debugging.check_numerics([np.inf], "loss")
    with pytest.raises(ValueError, match="assertion failed"):
        tf.debugging.Assert(False, [x])


def test_errors_are_those_that_are_raised_here():
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
    assert tf.errors.OutOfRangeError is tf.errors.OutOfRangeError


def test_summaries_are_written_where_the_block_says(tmp_path):
    pytest.importorskip("tensorboardX")
    writer = tf.summary.create_file_writer(tmp_path / "run")
    assert not tf.summary.scalar("loss", 1.0, step=0)
    with writer.as_default():
        assert tf.summary.scalar("loss", tf.constant(1.0), step=tf.Variable(3))
        assert tf.summary.histogram("w", tf.ones([3]), step=1)
        assert tf.summary.image("i", tf.zeros([1, 2, 2, 3]), step=1)
        with pytest.raises(ValueError, match="No step"):
            tf.summary.scalar("loss", 1.0)
        with pytest.raises(NotImplementedError, match="text"):
            tf.summary.text("t", "x", step=1)
    with writer.as_default(step=7):
        assert tf.summary.scalar("loss", 1.0)
    writer.close()
    (file,) = (tmp_path / "run").iterdir()
    assert file.stat().st_size > 100
    with tf.summary.create_noop_writer().as_default():
        assert not tf.summary.scalar("loss", 1.0)


def test_nest_and_shapes_of_structures():
    assert tf.nest.flatten({"b": 1, "a": [2]}) == [2, 1]
    assert tf.nest.map_structure(lambda x: x + 1, (1, [2])) == (2, [3])
    tf.nest.assert_same_structure([1], [2])
    with pytest.raises((TypeError, ValueError)):
        tf.nest.assert_same_structure([1], {"a": 2})
