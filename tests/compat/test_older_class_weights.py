import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")

RNG = np.random.default_rng(8)
X = RNG.random((12, 3)).astype("float32")
YES, KIND = np.arange(12) % 2, np.eye(3, dtype="float32")[np.arange(12) % 3]
WEIGHTS = {0: 1.0, 1: 0.5, 2: 4.0}


def model():
    keras.utils.set_random_seed(4)
    x = keras.Input((3,))
    yes = keras.layers.Dense(1, "sigmoid", name="yes")(x)
    kind = keras.layers.Dense(3, "softmax", name="kind")(x)
    made = keras.Model(x, [yes, kind])
    made.compile("sgd", ["binary_crossentropy", "categorical_crossentropy"])
    return made


def losses(y, **weights):
    return model().fit(X, y, verbose=0, shuffle=False, **weights).history["loss"]


@pytest.mark.parametrize("y", [[YES, KIND], {"kind": KIND, "yes": YES}])
def test_class_weights_of_an_output_weight_its_samples(y):
    by_hand = np.take(list(WEIGHTS.values()), KIND.argmax(-1)).astype("float32")
    expected = losses([YES, KIND], sample_weight=[np.ones(12), by_hand])
    np.testing.assert_allclose(
        losses(y, class_weight={"kind": WEIGHTS}), expected, rtol=1e-6
    )
    twice = losses(
        y,
        class_weight={"kind": WEIGHTS, "yes": {0: 1.0, 1: 1.0}},
    )
    np.testing.assert_allclose(twice, expected, rtol=1e-6)


def test_they_weight_the_batches_of_a_generator_and_of_a_loop():
    expected = losses([YES, KIND], class_weight={"kind": WEIGHTS}, batch_size=12)

    def batches():
        while True:
            yield X, [YES, KIND]

    history = model().fit(
        batches(), steps_per_epoch=1, verbose=0, class_weight={"kind": WEIGHTS}
    )
    np.testing.assert_allclose(history.history["loss"], expected, rtol=1e-6)
    of_batch = model().train_on_batch(X, [YES, KIND], class_weight={"kind": WEIGHTS})
    np.testing.assert_allclose(of_batch[0], expected[0], rtol=1e-6)


def test_a_name_that_no_output_has_is_an_error():
    with pytest.raises(ValueError, match="Did you mean 'kind'"):
        losses([YES, KIND], class_weight={"kinds": WEIGHTS})


def test_today_they_are_of_models_with_one_output():
    keras.compat.uninstall()
    with pytest.raises(TypeError, match="one output"):
        losses([YES, KIND], class_weight={"kind": WEIGHTS})
    keras.compat.install()
