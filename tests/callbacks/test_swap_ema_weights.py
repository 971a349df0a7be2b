import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks import Callback, SwapEMAWeights
from keratorch.optimizers import SGD, LossScaleOptimizer, MultiOptimizer, OptimizerMap

X, Y = np.ones((4, 2), "float32"), np.full(4, 5.0, "float32")


def compiled(wrap=lambda optimizer: optimizer):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    optimizer = SGD(0.1, use_ema=True, ema_momentum=0.5)
    model.compile(wrap(optimizer), loss="mse")
    for _ in range(3):
        model.train_on_batch(X, Y)
    return model, [x.numpy() for x in optimizer._averages()]


WRAPPERS = [
    lambda optimizer: optimizer,
    LossScaleOptimizer,
    lambda optimizer: MultiOptimizer(OptimizerMap(optimizer)),
]


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_a_model_answers_with_the_averages_and_keeps_its_weights(wrap):
    model, averages = compiled(wrap)
    before = model.get_weights()
    kernel, bias = averages
    expected = X @ kernel + bias
    callbacks = [SwapEMAWeights()]
    answers = model.predict(X, callbacks=callbacks, verbose=0)
    np.testing.assert_allclose(answers, expected, rtol=1e-6)
    loss = model.evaluate(X, Y, callbacks=callbacks, verbose=0)
    assert loss == pytest.approx(np.mean((expected[:, 0] - Y) ** 2), rel=1e-5)
    for weight, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, other)


def test_callbacks_after_it_see_the_averages_at_the_end_of_an_epoch():
    seen = []

    class Look(Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(self.model.get_weights()[0].copy())

    model, _ = compiled()
    swap = SwapEMAWeights(swap_on_epoch=True)
    model.fit(X, Y, epochs=2, callbacks=[swap, Look()], verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], seen[-1])
    assert (seen[0] != seen[1]).any()


def test_an_optimizer_without_averages_is_named():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", loss="mse")
    with pytest.raises(ValueError, match="SGD keeps no running averages.*use_ema=True"):
        model.evaluate(X, Y, callbacks=[SwapEMAWeights()], verbose=0)
