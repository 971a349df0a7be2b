"""Every optimizer of Keras 3 with its options; state saved and restored."""
import keras
from keras import optimizers
from keras.optimizers import (SGD, RMSprop, Adam, AdamW, Adadelta, Adagrad, Adamax, Adafactor, Nadam,
                              Ftrl, Lion, Lamb, Muon, LossScaleOptimizer)
import numpy as np

rng = np.random.default_rng(0)
x = rng.random((32, 4)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5], [3.0]], "float32")


def make(optimizer):
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse", jit_compile=False)
    return model


for optimizer in [
    SGD(0.05, momentum=0.9, nesterov=True, weight_decay=1e-4), RMSprop(0.01, momentum=0.5, centered=True),
    Adam(0.01, beta_1=0.9, beta_2=0.99, amsgrad=True), AdamW(0.01, weight_decay=0.01),
    Adadelta(1.0, rho=0.9), Adagrad(0.1, initial_accumulator_value=0.2), Adamax(0.02),
    Adafactor(0.05, relative_step=False), Nadam(0.01), Ftrl(0.1, l1_regularization_strength=0.001),
    Lion(0.005), Lamb(0.02), Muon(0.02), LossScaleOptimizer(Adam(0.01)),
    Adam(0.01, clipnorm=0.5), Adam(0.01, clipvalue=0.1), Adam(0.01, global_clipnorm=1.0),
    Adam(0.01, use_ema=True, ema_momentum=0.9), Adam(0.01, gradient_accumulation_steps=2), "sgd", "adam",
]:
    history = make(optimizer).fit(x, y, epochs=4, batch_size=8, verbose=0).history["loss"]
    assert history[-1] < history[0], optimizer
    if not isinstance(optimizer, str):
        again = optimizers.deserialize(optimizers.serialize(optimizer))
        assert type(again) is type(optimizer)

schedule = optimizers.schedules.CosineDecay(0.0, decay_steps=20, warmup_target=0.05, warmup_steps=5)
model = make(Adam(schedule))
model.fit(x, y, epochs=2, batch_size=8, verbose=0)
model.save("optimizer.keras")
same = keras.saving.load_model("optimizer.keras")
assert int(same.optimizer.iterations) == int(model.optimizer.iterations) == 8
for a, b in zip(model.optimizer.variables, same.optimizer.variables):
    np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-6)
one = model.fit(x, y, batch_size=8, verbose=0, shuffle=False).history["loss"]
two = same.fit(x, y, batch_size=8, verbose=0, shuffle=False).history["loss"]
np.testing.assert_allclose(one, two, rtol=1e-5)
