"""`tf.GradientTape` gives the gradients, and the errors, that TensorFlow gives."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf
from keratorch.errors import GraphError
from keratorch.graph import newest_first

pytestmark = pytest.mark.usefixtures("installed")


def x_and_z():
    return tf.Variable(2.0), tf.Variable(3.0)


def test_gradient_of_one_of_a_list_and_of_a_dict():
    x, z = x_and_z()
    with tf.GradientTape(persistent=True) as tape:
        y = x * x * z
    assert float(tape.gradient(y, x)) == 12
    assert [float(g) for g in tape.gradient(y, [x, z])] == [12, 4]
    found = tape.gradient(y, {"x": x, "more": [z, {"x": x}]})
    assert float(found["more"][0]) == 4 and float(found["more"][1]["x"]) == 12
    assert found["x"].numpy().dtype == "float32"


def test_a_tape_is_used_once_unless_persistent():
    x, _ = x_and_z()
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="non-persistent"):
        tape.gradient(y, x)


def test_a_tape_that_recorded_nothing_raises():
    x, _ = x_and_z()
    with pytest.raises(RuntimeError, match="recorded nothing"):
        tf.GradientTape().gradient(x, x)


def test_only_watched_tensors_have_gradients():
    x = tf.constant([3.0, 1.0])
    with tf.GradientTape(persistent=True) as tape:
        before = x * x
        tape.watch(x)
        after = x * before
    np.testing.assert_array_equal(tape.gradient(after, x), [9, 1])
    assert tape.gradient(before, x) is None
    zeros = tape.gradient(before, x, unconnected_gradients="zero")
    np.testing.assert_array_equal(zeros, [0, 0])
    zero = tf.UnconnectedGradients.ZERO
    np.testing.assert_array_equal(tape.gradient(before, x, None, zero), [0, 0])


def test_watch_refuses_what_is_no_tensor():
    with tf.GradientTape() as tape, pytest.raises(ValueError, match="not tf.Tensor"):
        tape.watch(np.ones(2))


def test_integers_have_no_gradient():
    x = tf.constant(3)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert tape.gradient(y, x) is None


def test_operations_outside_the_block_are_not_seen():
    x, _ = x_and_z()
    square = x * x
    with tf.GradientTape(persistent=True) as tape:
        y = square * x
    late = y * 2.0
    assert float(tape.gradient(y, x)) == 4
    assert tape.gradient(y, square) is None
    assert tape.gradient(late, x) is None


def test_an_older_result_can_be_watched():
    x, _ = x_and_z()
    square = x * x
    with tf.GradientTape() as tape:
        tape.watch(square)
        y = square * x
    assert [float(g) for g in tape.gradient(y, [square, x])] == [2, 4]


def test_intermediate_results_are_sources():
    x, _ = x_and_z()
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y
    assert float(tape.gradient(z, y)) == 8
    assert float(tape.gradient(z, x)) == 32
    assert float(tape.gradient(x, x)) == 1
    assert float(tape.gradient([y, z], x)) == 36


def test_variables_that_do_not_train_are_watched_on_demand():
    x = tf.Variable(2.0, trainable=False)
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert float(tape.gradient(y, x)) == 4
    with tf.GradientTape() as tape:  # and no longer than they are
        y = x * x
    assert tape.gradient(y, x) is None


def test_watch_accessed_variables_false():
    x, z = x_and_z()
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(z)
        unseen = x * x
        y = unseen * z
    assert tape.gradient(y, x) is None
    assert tape.gradient(y, unseen) is None
    assert float(tape.gradient(y, z)) == 4


def test_stop_recording_and_reset():
    x, _ = x_and_z()
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
        with tape.stop_recording():
            hidden = x * 5.0
        z = y + hidden
    assert float(tape.gradient(z, x)) == 4
    with tf.GradientTape() as tape:
        y = x * x
        tape.reset()
        z = y * x
    assert float(tape.gradient(z, x)) == 4
    with pytest.raises(RuntimeError, match="not recording"), tape.stop_recording():
        pass


def test_entering_twice_raises_and_entering_again_begins_anew():
    x, _ = x_and_z()
    tape = tf.GradientTape()
    with tape, pytest.raises(ValueError, match="still recording"), tape:
        pass
    with tape:
        y = x * 3.0
    assert float(tape.gradient(y, x)) == 3


def test_nested_tapes_give_higher_derivatives():
    x, _ = x_and_z()
    with tf.GradientTape() as a:
        with tf.GradientTape() as b:
            with tf.GradientTape() as c:
                y = x**4
            first = c.gradient(y, x)
        second = b.gradient(first, x)
    assert [float(first), float(second)] == [32, 48]
    assert float(a.gradient(second, x)) == 48


def test_a_gradient_outside_all_tapes_is_not_recorded():
    x, _ = x_and_z()
    with tf.GradientTape() as tape:
        y = x**3
    assert tape.gradient(y, x).grad_op is None


def test_a_persistent_tape_records_its_own_gradients():
    x, _ = x_and_z()
    with tf.GradientTape(persistent=True) as tape:
        y = x**3
        first = tape.gradient(y, x)
    assert float(tape.gradient(first, x)) == 12


def test_output_gradients_and_targets_that_are_arrays():
    x = tf.Variable([2.0, 1.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x * tf.constant([[1.0], [2.0]])
        square = x * x
    np.testing.assert_array_equal(tape.gradient(y, x), [3, 3])
    weights = tf.constant([1.0, 5.0])
    found = tape.gradient(square, x, output_gradients=weights)
    np.testing.assert_array_equal(found, [4, 10])


def test_jacobian_and_hessian():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.stack([x[0] * x[1], x[0] ** 2, x[1] * 3.0])
    expected = [[2, 1], [2, 0], [0, 3]]
    np.testing.assert_array_equal(tape.jacobian(y, x), expected)
    np.testing.assert_array_equal(tape.jacobian(y, [x])[0], expected)
    assert tape.jacobian(y, tf.Variable(1.0)) is None
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(x**3) + x[0] * x[1]
        gradient = inner.gradient(y, x)
    np.testing.assert_array_equal(outer.jacobian(gradient, x), [[6, 1], [1, 12]])


def test_batch_jacobian():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x * tf.constant([[1.0, 2.0]])
        total = tf.reduce_sum(x)
    expected = [[[2, 0], [0, 8]], [[6, 0], [0, 16]]]
    np.testing.assert_array_equal(tape.batch_jacobian(y, x), expected)
    with pytest.raises(ValueError, match="first dimension"):
        tape.batch_jacobian(total, x)


def test_watched_variables_are_named_in_order():
    x, z = x_and_z()
    with tf.GradientTape() as tape:
        y = x * z
    tape.gradient(y, x)
    assert [v.name for v in tape.watched_variables()] == ["Variable:0"] * 2


def test_wrong_arguments_raise():
    x, _ = x_and_z()
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    with pytest.raises(TypeError, match="target"):
        tape.gradient(None, x)
    with pytest.raises(ValueError, match="unconnected_gradients"):
        tape.gradient(y, x, unconnected_gradients="nonsense")


def test_a_gradient_goes_through_the_values_that_a_variable_had():
    x = tf.Variable([[1.0, 2.0]])
    w = tf.Variable([[3.0], [4.0]])
    with tf.GradientTape() as tape:
        y = x @ w
        w.assign_add([[2.0], [2.0]])
        y = y + 10.0 * (x @ w)
        w[0, 0].assign(0.0)
    w.assign([[0.0], [0.0]])
    found = tape.gradient(y, x).numpy()
    np.testing.assert_array_equal(found, [[53.0, 64.0]])
    assert [v.ref() for v in tape.watched_variables()] == [x.ref(), w.ref()]


def test_a_second_derivative_goes_through_the_values_that_a_variable_had():
    v = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = v**3
            v.assign(5.0)
        slope = inner.gradient(y, v)
    assert (float(slope), float(outer.gradient(slope, v))) == (27.0, 18.0)


def test_a_persistent_tape_may_be_asked_after_an_update():
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.reduce_sum(w * w)
    first = tape.gradient(y, w).numpy()
    keras.optimizers.SGD(0.5).apply_gradients([(first, w)])
    np.testing.assert_array_equal(w.numpy(), [0.0, 0.0])
    np.testing.assert_array_equal(tape.gradient(y, w).numpy(), first)


def test_a_loop_keeps_no_older_values_of_variables():
    moving = tf.Variable([0.0, 0.0])
    for _ in range(5):
        with tf.GradientTape(persistent=True) as tape:
            moving.assign_add([1.0, 1.0])
            y = moving * moving
        tape.gradient(y, moving)
    assert len(vars(moving)["_earlier_values"]) <= 2


def test_custom_gradient_of_two_arguments():
    @tf.custom_gradient
    def product(x, y):
        return x * y, lambda upstream: (upstream * 10.0, upstream * y)

    x, z = x_and_z()
    with tf.GradientTape() as tape:
        y = product(x, z) * 2.0
    assert [float(g) for g in tape.gradient(y, [x, z])] == [20, 6]


def test_minimize_takes_a_function_or_a_tape():
    x = tf.Variable(3.0)
    optimizer = keras.optimizers.SGD(0.25)
    optimizer.minimize(lambda: x * x, [x])
    assert float(x) == 1.5
    with tf.GradientTape() as tape:
        loss = x * x
    optimizer.minimize(loss, lambda: [x], tape=tape)
    assert float(x) == 0.75
    with pytest.raises(ValueError, match="tape"):
        optimizer.minimize(loss, [x])
    with pytest.raises(ValueError, match="var_list"):
        optimizer.minimize(lambda: x * x)


def test_gradients_are_computed_and_applied_in_two_steps():
    x = tf.Variable(3.0)
    optimizer = tf.keras.optimizers.SGD(0.25, jit_compile=False)
    with tf.GradientTape() as tape:
        loss = x * x
    pairs = optimizer.compute_gradients(loss, [x], tape=tape)
    assert [(float(gradient), variable) for gradient, variable in pairs] == [(6.0, x)]
    optimizer.apply_gradients(pairs, name="step", skip_gradients_aggregation=True)
    assert float(x) == 1.5
    pairs = optimizer.compute_gradients(lambda: x * x, lambda: [x])
    optimizer.apply_gradients(pairs, experimental_aggregate_gradients=False)
    assert float(x) == 0.75
    with pytest.raises(ValueError, match="compute_gradients needs var_list"):
        optimizer.compute_gradients(lambda: x * x)


def test_a_loop_of_ones_own_trains_as_fit_does():
    rng = np.random.default_rng(0)
    data, target = rng.normal(size=(16, 3)), rng.normal(size=(16, 1))

    def model():
        keras.utils.set_random_seed(3)
        made = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh")])
        made.add(keras.layers.Dense(1))
        return made

    fitted, looped = model(), model()
    fitted.compile(keras.optimizers.Adam(0.1), "mse")
    fitted.fit(data, target, batch_size=16, epochs=3, shuffle=False, verbose=0)
    optimizer, loss_of = keras.optimizers.Adam(0.1), keras.losses.MeanSquaredError()
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = loss_of(target, looped(data, training=True))
        weights = looped.trainable_variables
        optimizer.apply_gradients(
            zip(tape.gradient(loss, weights), weights, strict=True)
        )
    for one, other in zip(fitted.get_weights(), looped.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_result_in_the_place_of_a_weight_lets_gradients_flow_on():
    inner, outer = keras.layers.Dense(1), keras.layers.Dense(1)
    x = tf.constant([[1.0, 2.0]])
    outer(x), inner(x)
    with tf.GradientTape() as tape:
        inner.kernel = outer.kernel * 3.0
        y = inner(x)
    np.testing.assert_array_equal(tape.gradient(y, outer.kernel), [[3], [6]])


def held(result):
    """How many arrays the graph of a result holds."""
    return sum(np.size(x) > 1 for op in newest_first([result]) for x in op._inputs)


def test_a_used_tape_lets_go_of_its_arrays():
    x = tf.Variable([1.0, 2.0])
    total = 0.0
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.exp(x) * x)
        assert held(loss) > 0
        total += loss
        assert tape.gradient(loss, x) is not None
        assert held(total) == 0
    assert float(loss) > 0 and "Add" in repr(total.grad_op)
    with pytest.raises(GraphError):
        total.backward()


def test_arrays_are_kept_for_each_tape_that_may_be_asked():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as one, tf.GradientTape() as other:
        shared = tf.exp(x)
        first, second = tf.reduce_sum(shared), tf.reduce_sum(shared * x)
    one.gradient(first, x)
    assert held(second) > 0
    np.testing.assert_allclose(other.gradient(second, x), np.exp([1, 2]) * [2, 3])
    assert held(first) == held(second) == 0


def test_arrays_of_a_persistent_tape_are_kept_while_it_lives():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as kept:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(x**3)
        first = inner.gradient(y, x)
    for _ in range(2):
        np.testing.assert_allclose(kept.gradient(first, x), [6, 12])
        np.testing.assert_allclose(kept.gradient(y, x), [3, 12])


def test_a_tape_that_walks_in_another_thread_keeps_its_arrays():
    """The walk of one tape is not over when another tape's begins and ends."""
    x = tf.Variable([1.0, 2.0])

    def walk_another():
        with tf.GradientTape() as tape:
            y = x * x
        tape.gradient(y, x)

    @tf.custom_gradient
    def waits(z):
        def backward(upstream):
            other = threading.Thread(target=walk_another)
            other.start()
            other.join()
            return upstream

        return z, backward

    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x * x
        first = inner.gradient(y, x)  # whose operations are asked for no more
        z = waits(first)
    np.testing.assert_allclose(outer.gradient(z, x), [6, 12])


def test_tapes_of_many_threads_do_not_meet():
    def work():
        x = tf.Variable([1.0, 2.0])
        for _ in range(30):
            with tf.GradientTape() as outer:
                with tf.GradientTape() as inner:
                    y = x * x * x
                first = inner.gradient(y, x)
            np.testing.assert_array_equal(outer.gradient(first, x), [6, 12])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for result in [pool.submit(work) for _ in range(4)]:
                result.result()
    finally:
        sys.setswitchinterval(before)


class Energy(keras.Model):
    """out = d energy / d x, of a net with one hidden layer."""

    def __init__(self):
        super().__init__()
        self.net = keras.Sequential(
            [
                keras.layers.Dense(4, "tanh", kernel_initializer="ones"),
                keras.layers.Dense(1, kernel_initializer="ones"),
            ]
        )

    def call(self, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            energy = self.net(x)
        return tape.gradient(energy, x)


BATCH = np.linspace(-1, 1, 8, dtype="float32").reshape(4, 2)


def force(x, kernel, bias, weights):
    hidden = np.tanh(x @ kernel + bias)
    return (weights[:, 0] * (1 - hidden**2)) @ kernel.T


def test_a_model_predicts_by_a_tape_inside():
    model = Energy()
    expected = force(BATCH, np.ones((2, 4)), np.zeros(4), np.ones((4, 1)))
    np.testing.assert_allclose(model.predict(BATCH, verbose=0), expected, rtol=1e-5)


@pytest.mark.parametrize("place", ["model", "loss"])
def test_fit_differentiates_the_gradient_of_a_tape_inside(place):
    model = Energy()
    model.build((None, 2))
    weights = [w.numpy().astype("float64") for w in model.weights[:3]]
    if place == "model":
        trained, loss = model, "mse"
    else:
        trained = model.net

        def loss(y_true, y_pred):
            return tf.reduce_mean(tf.square(model(tf.constant(BATCH))))

    trained.compile(keras.optimizers.SGD(0.1), loss)

    def value(kernel, bias, last):
        return np.mean(force(BATCH.astype("float64"), kernel, bias, last) ** 2)

    target = np.zeros_like(BATCH) if place == "model" else np.zeros((4, 1), "float32")
    trained.fit(BATCH, target, batch_size=4, verbose=0)
    step = np.zeros((2, 4))
    for at in np.ndindex(2, 4):
        moved = np.zeros((2, 4))
        moved[at] = 1e-6
        up, down = (value(weights[0] + s * moved, *weights[1:]) for s in (1, -1))
        step[at] = (up - down) / 2e-6
    found = (weights[0] - model.weights[0].numpy()) / 0.1
    np.testing.assert_allclose(found, step, rtol=1e-4, atol=1e-6)
