"""no_grad, enable_grad and detect_anomaly: where they reach, and where they do not."""

import asyncio
import inspect
import sys
import threading

import numpy as np
import pytest

from keratorch import Grad, GradArray, detect_anomaly, enable_grad, gradients, no_grad
from keratorch.errors import AnomalyError
from keratorch.modes import current_mode


def records():
    return (GradArray([1.0]) * 2).requires_grad


def line_here():
    return inspect.currentframe().f_back.f_lineno


# Context managers and decorators


def test_no_grad_records_nothing_inside_and_everything_after():
    x = GradArray([1.0])
    with no_grad():
        y = x * 2
    assert not y.requires_grad
    assert y.grad_op is None
    assert x.requires_grad
    assert records()


def test_modes_nest_and_are_left_in_order():
    seen = [records()]
    with no_grad():
        seen.append(records())
        with enable_grad():
            seen.append(records())
            with no_grad():
                seen.append(records())
            seen.append(records())
        seen.append(records())
    seen.append(records())
    assert seen == [True, False, True, False, True, False, True]


def test_one_switch_may_be_entered_again_inside_itself():
    switch = no_grad()
    with switch:
        with switch:
            assert not records()
        assert not records()
    assert records()


def test_a_mode_is_made_once_and_found_again():
    found = []
    for switch in (no_grad, no_grad, enable_grad):
        with switch():
            found.append(current_mode.get())
    first, again, other = found
    assert first is again and not first.records
    assert other is not first and other.records


@pytest.mark.parametrize("mode", [no_grad, enable_grad, detect_anomaly])
def test_modes_are_left_when_an_error_passes_through(mode):
    for outer, expected in [(enable_grad, True), (no_grad, False)]:
        with outer():
            with pytest.raises(KeyError), mode():
                raise KeyError
            assert records() is expected
    with np.errstate(divide="ignore"):
        np.log(GradArray([0.0]))  # nothing watches any more


@pytest.mark.parametrize("decorate", [no_grad, no_grad()])
def test_decorator_with_and_without_parentheses(decorate):
    @decorate
    def predict(x, *, scale=1):
        """Predict."""
        return x * scale

    assert not predict(GradArray([1.0]), scale=3).requires_grad
    assert predict.__name__ == "predict"
    assert predict.__doc__ == "Predict."
    assert records()


def test_decorator_serves_methods_and_recursion():
    class Model:
        @no_grad
        def predict(self, x, depth=3):
            return x if depth == 0 else self.predict(x * 2, depth - 1)

        @enable_grad()
        def learn(self, x):
            return x * 2

    model, x = Model(), GradArray([1.0])
    assert not model.predict(x).requires_grad
    with no_grad():
        assert model.learn(x).requires_grad
    assert records()


def generator():
    yield records()


async def coroutine():
    return records()


async def async_generator():
    yield records()


@pytest.mark.parametrize("function", [generator, coroutine, async_generator])
@pytest.mark.parametrize("mode", [no_grad, enable_grad(), detect_anomaly])
def test_function_whose_body_runs_later_cannot_be_decorated(mode, function):
    with pytest.raises(
        TypeError, match=r"`with (no_grad|enable_grad|detect_anomaly)\("
    ):
        mode(function)


@pytest.mark.parametrize("value", [False, 3, "text"])
def test_mode_takes_a_function_or_nothing(value):
    with pytest.raises(TypeError, match="no_grad"):
        no_grad(value)


# Threads and tasks


def test_mode_of_one_thread_is_not_seen_by_another():
    inside, checked, seen = threading.Event(), threading.Event(), {}

    def quiet():
        with no_grad():
            inside.set()
            checked.wait(10)
            seen["quiet"] = records()

    def loud():
        inside.wait(10)
        seen["loud"] = records()
        checked.set()

    threads = [threading.Thread(target=work) for work in (quiet, loud)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == {"quiet": False, "loud": True}


def test_new_thread_starts_with_recording_on():
    seen = []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append(records()))
        thread.start()
        thread.join(10)
    # Python 3.14 may be told that a thread inherits the context of its creator
    assert seen == [not getattr(sys.flags, "thread_inherit_context", False)]


def test_modes_of_tasks_that_take_turns_do_not_mix():
    async def task(mode, seen):
        with mode():
            for _ in range(5):
                await asyncio.sleep(0)
                seen.append(records())
        seen.append(records())

    async def main():
        quiet, loud = [], []
        await asyncio.gather(task(no_grad, quiet), task(enable_grad, loud))
        return quiet, loud

    assert asyncio.run(main()) == ([False] * 5 + [True], [True] * 6)
    assert records()


def test_backward_in_a_task_leaves_the_mode_of_others_alone():
    async def differentiate():
        x = GradArray([2.0])
        for _ in range(5):
            assert gradients(x * x, x) == 4.0
            await asyncio.sleep(0)

    async def main():
        with no_grad():
            tasks = [asyncio.create_task(coroutine())]
        tasks += [
            asyncio.create_task(differentiate()),
            asyncio.create_task(coroutine()),
        ]
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == [False, None, True]


def test_backward_works_under_no_grad():
    x = GradArray([2.0])
    y = x * x
    with no_grad():
        y.backward()
        assert not records()
    assert x.grad == 4.0


def test_backward_records_only_under_create_graph():
    seen = []

    class SpyGrad(Grad):
        def forward(self, x):
            return x * 1

        def backward(self, grad):
            seen.append(records())
            return grad

    x = GradArray([1.0])
    gradients(SpyGrad.apply(x), x)
    with no_grad():
        y = enable_grad(SpyGrad.apply)(x)
        gradients(y, x, create_graph=True)
    assert seen == [False, True]


# detect_anomaly


@pytest.fixture
def quiet_numpy():
    with np.errstate(all="ignore"):
        yield


def anomaly_of(call, *args):
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        call(*args)
    message = str(caught.value)
    assert len(message) < 600
    return message


def test_first_bad_value_forward_names_the_operation_and_the_users_line(quiet_numpy):
    x = GradArray([1.0, 0.0])
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        line = line_here() + 1
        np.log(x)
    assert "LogGrad made -inf at index (1,)" in str(caught.value)
    assert f"test_modes.py:{line}" in str(caught.value)


def test_anomaly_error_comes_instead_of_a_warning_of_numpy():
    with detect_anomaly(), pytest.raises(AnomalyError, match="LogGrad"):
        np.log(GradArray([0.0]))


@pytest.mark.parametrize(
    "program, message",
    [
        (lambda x: np.exp(x * 1000), "ExpGrad made inf"),
        (lambda x: (x - x) / (x - x), "DivideGrad made nan"),
        (lambda x: np.sqrt(-x), "SqrtGrad made nan"),
    ],
)
def test_first_bad_value_is_found_in_a_chain(program, message, quiet_numpy):
    assert message in anomaly_of(lambda: program(GradArray([1.0, 2.0])) * 2 + 1)


def test_bad_value_of_the_users_own_is_named_as_such(quiet_numpy):
    message = anomaly_of(lambda: GradArray([1.0, np.nan]) * 2)
    assert "MulGrad received nan at index (1,) of input 0" in message


def test_infinite_constants_are_no_anomaly():
    mask = np.array([0.0, -np.inf])
    with detect_anomaly():
        x = GradArray([1.0, 2.0])
        np.exp(x + mask).sum().backward()
        np.clip(x, 0, np.inf)
    np.testing.assert_allclose(x.grad, [np.e, 0.0])


def bare_root(x):
    return np.sqrt(x)  # its backward returns a bare array


def power_root(x):
    return x**0.5  # its backward returns a tuple


@pytest.mark.parametrize("root, op", [(bare_root, "Sqrt"), (power_root, "Power")])
def test_first_bad_value_backward_names_the_operation_and_its_line(
    root, op, quiet_numpy
):
    x = GradArray([0.0, 4.0])
    with detect_anomaly():
        y = root(x * 1.0).sum()
        with pytest.raises(AnomalyError) as caught:
            y.backward()
    message = str(caught.value)
    line = root.__code__.co_firstlineno + 1
    assert f"{op}Grad.backward" in message
    assert f"test_modes.py:{line}" in message
    assert "inf at index (0,)" in message
    assert x.grad is None


def test_line_is_the_users_also_through_operators_and_methods(quiet_numpy):
    x = GradArray([0.0])
    for call in (
        lambda: 1 / x,
        lambda: x**-1.0,
        lambda: np.log(x).sum(),
    ):
        message = anomaly_of(call)
        assert f"test_modes.py:{call.__code__.co_firstlineno}" in message


def overwritten(make, overwrite):
    x = GradArray([1.0, 2.0], name="x")
    with detect_anomaly():
        h = x * 1.0
        y = make(h)
        overwrite(h, y)
        with pytest.raises(AnomalyError, match="overwritten") as caught:
            y.sum().backward()
    return str(caught.value)


def test_input_overwritten_before_backward_is_found():
    def overwrite(h, y):
        h.numpy()[0] = 9.0

    message = overwritten(lambda h: h * h, overwrite)
    assert "Input 0 of MulGrad" in message
    assert "test_modes.py:" in message


def test_output_overwritten_before_backward_is_found():
    def overwrite(h, y):
        y.numpy()[0] = 9.0

    assert "ExpGrad" in overwritten(np.exp, overwrite)


def test_leaf_overwritten_before_backward_is_found():
    w = GradArray([1.0, 2.0])
    with detect_anomaly():
        y = (w * w).sum()
        with no_grad():
            w -= 1.0
        with pytest.raises(AnomalyError, match="overwritten"):
            y.backward()
    assert w.grad is None


def test_forward_that_overwrites_its_input_is_found():
    class GreedyGrad(Grad):
        def forward(self, x):
            x *= 2
            return x

        def backward(self, grad):
            return grad * 2

    message = anomaly_of(lambda: GreedyGrad.apply(GradArray([1.0])).backward())
    assert "GreedyGrad" in message
    assert "overw" in message


def test_clean_programs_pass_under_detect_anomaly():
    x = GradArray([1.0, 2.0])
    with detect_anomaly():
        (np.exp(x) * x - np.where(x > 1, x, 0.0)).mean().backward()
        assert gradients(gradients(x**3, x, np.ones(2), True).sum(), x).shape == (2,)
    assert x.grad is not None


def test_graph_made_before_detect_anomaly_is_still_watched_backward(quiet_numpy):
    x = GradArray([0.0])
    y = np.sqrt(x)
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"SqrtGrad\.backward"):
        y.backward()


def test_bad_gradient_given_by_the_user_is_not_blamed_on_an_operation():
    x = GradArray([1.0])
    with detect_anomaly():
        (x * 2).backward([np.nan])
    assert np.isnan(x.grad)


def test_nothing_is_watched_outside(quiet_numpy):
    x = GradArray([0.0])
    np.log(x).backward()
    assert np.isinf(x.grad)
