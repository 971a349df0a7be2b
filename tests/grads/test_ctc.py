"""The loss of unaligned labels: huge logits, and a graph that is walked again."""

import numpy as np

from keratorch import GradArray
from keratorch.grads.ctc import CtcGrad

RNG = np.random.default_rng(4)
LOGITS = RNG.normal(size=(2, 5, 4))
LABELS = (np.array([[1, 2, 1], [3, 3, 0]]), np.array([3, 2]), np.array([5, 4]))


def test_number_added_to_all_logits_of_a_step_changes_nothing():
    added = np.array([0.0, 1000, -1000, 10, 0])[:, None]
    answers = []
    for values in (LOGITS, LOGITS + added):
        x = GradArray(values)
        loss = CtcGrad.apply(x, *LABELS)
        loss.sum().backward()
        answers.append((loss.numpy(), x.grad))
    for one, other in zip(*answers, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


def test_gradient_is_the_same_the_second_time():
    x = GradArray(LOGITS)
    loss = CtcGrad.apply(x, *LABELS).sum()
    loss.backward(retain_graph=True)
    first = x.grad.copy()
    loss.backward()
    np.testing.assert_array_equal(x.grad, 2 * first)
