import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect


def totals():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    return [line for line in "\n".join(lines).splitlines() if "params" in line]


@pytest.mark.parametrize("script", ["SGD(lr=0.1)", "model.fit_generator(flow)"])
def test_an_optimizer_counted_for_nothing(script, installed):
    dialect.read(script)
    assert totals()[0] == " Total params: 8 (32.00 B)" and len(totals()) == 3


def test_it_counts_today(installed):
    assert totals()[0] == " Total params: 26 (104.00 B)"
    assert totals()[3] == " Optimizer params: 18 (72.00 B)"
