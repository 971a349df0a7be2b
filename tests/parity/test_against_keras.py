"""Keras and KeraTorch side by side, on random arguments, shapes and data."""

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

# Keras hands torch's tensors to NumPy, which has a word to say about them.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

ACTIVATIONS = [None, "relu", "tanh", "sigmoid", "softmax", "elu", "softplus"]
REDUCTIONS = ["sum", "sum_over_batch_size", "mean", "mean_with_sample_weight", "none"]


def assert_same(ours, theirs, rtol=2e-5, atol=2e-6):
    if hasattr(theirs, "detach"):
        theirs = theirs.detach().numpy()
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)


def draw(rng, *shape):
    return rng.normal(size=shape).astype(np.float32)


def leaves_of(array):
    """The same values as a leaf of each library."""
    return kt.GradArray(array, requires_grad=True), torch.tensor(
        array, requires_grad=True
    )


@pytest.mark.parametrize("seed", range(20))
def test_random_dense_layers_agree(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 6, rng.integers(2, 5)))
    arguments = {
        "units": int(rng.integers(2, 6)),
        "activation": ACTIVATIONS[rng.integers(len(ACTIVATIONS))],
        "use_bias": bool(rng.integers(2)),
        "kernel_regularizer": ["l1", "l2", None][rng.integers(3)],
    }
    ours, theirs = kt.layers.Dense(**arguments), keras.layers.Dense(**arguments)
    for layer in (ours, theirs):
        layer.build(shape)
    weights = [draw(rng, *w.shape) for w in theirs.weights]
    x, tensor = leaves_of(draw(rng, *shape))
    for layer in (ours, theirs):
        layer.set_weights(weights)
    out, expected = ours(x), theirs(tensor)
    upstream = draw(rng, *expected.shape)
    assert_same(out.detach(), expected)
    out.backward(upstream)
    expected.backward(torch.tensor(upstream))
    assert_same(x.grad, tensor.grad)
    for one, other in zip(ours.weights, theirs.weights, strict=True):
        assert_same(one.grad, other.value.grad)
    for one, other in zip(ours.losses, theirs.losses, strict=True):
        assert_same(one.detach(), other)


def loss_data(rng, name, from_logits):
    """Random labels and predictions that suit a loss."""
    shape = tuple(rng.integers(2, 6, rng.integers(2, 4)))
    values = draw(rng, *shape)
    if name in ("MeanSquaredError", "MeanAbsoluteError"):
        return draw(rng, *shape), values
    if name == "BinaryCrossentropy":
        labels = rng.integers(0, 2, shape).astype(np.float32)
        return labels, values if from_logits else 1 / (1 + np.exp(-values))
    classes = rng.integers(0, shape[-1], shape[:-1])
    if not from_logits:
        values = np.exp(values) / np.exp(values).sum(axis=-1, keepdims=True)
    if name == "CategoricalCrossentropy":
        classes = np.eye(shape[-1], dtype=np.float32)[classes]
    return classes, values


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    "name",
    [
        "MeanSquaredError",
        "MeanAbsoluteError",
        "BinaryCrossentropy",
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
    ],
)
def test_random_losses_agree(name, seed):
    rng = np.random.default_rng(seed)
    arguments = {"reduction": REDUCTIONS[rng.integers(len(REDUCTIONS))]}
    from_logits = bool(rng.integers(2))
    if "Crossentropy" in name:
        arguments["from_logits"] = from_logits
        if "Sparse" not in name and rng.integers(2):
            arguments["label_smoothing"] = round(float(rng.uniform(0, 0.5)), 2)
    y_true, y_pred = loss_data(rng, name, from_logits)
    weight = None
    if rng.integers(2):
        weight = rng.uniform(0, 2, len(y_pred)).astype(np.float32)
        weight = weight.reshape(-1, *[1] * (y_pred.ndim - 2))
    x, tensor = leaves_of(y_pred.astype(np.float32))
    value = getattr(kt.losses, name)(**arguments)(y_true, x, weight)
    expected = getattr(keras.losses, name)(**arguments)(y_true, tensor, weight)
    assert_same(value.detach(), expected)
    upstream = draw(rng, *expected.shape)
    value.backward(upstream)
    expected.backward(torch.tensor(upstream))
    assert_same(x.grad, tensor.grad)


def optimizer_arguments(rng, name):
    """Random arguments of an optimizer."""
    arguments = {"learning_rate": round(float(10 ** rng.uniform(-3, -1)), 5)}
    common = ["clipnorm", "clipvalue", "global_clipnorm", "weight_decay", None, None]
    extra = common[rng.integers(len(common))]
    if extra:
        arguments[extra] = round(float(rng.uniform(0.01, 0.5)), 3)
    choices = {
        "SGD": {"momentum": float(rng.choice([0, 0.5, 0.9])), "nesterov": True},
        "RMSprop": {
            "rho": float(rng.choice([0.5, 0.9])),
            "momentum": float(rng.choice([0, 0.7])),
            "centered": bool(rng.integers(2)),
            "epsilon": float(rng.choice([1e-7, 1e-3])),
        },
        "Adam": {
            "beta_1": float(rng.choice([0.5, 0.9])),
            "beta_2": float(rng.choice([0.9, 0.999])),
            "epsilon": float(rng.choice([1e-7, 1e-3])),
            "amsgrad": bool(rng.integers(2)),
        },
    }
    choices["AdamW"] = choices["Adam"]
    return arguments | {k: v for k, v in choices[name].items() if rng.integers(2)}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW"])
def test_random_optimizers_agree(name, seed):
    rng = np.random.default_rng(seed)
    arguments = optimizer_arguments(rng, name)
    starts = [draw(rng, 3, 2), draw(rng, 2)]
    ours = getattr(kt.optimizers, name)(**arguments)
    theirs = getattr(keras.optimizers, name)(**arguments)
    variables = [kt.Variable(start) for start in starts]
    others = [keras.Variable(start) for start in starts]
    ours.build(variables)
    theirs.build(others)
    for _ in range(20):
        gradients = [draw(rng, *start.shape) for start in starts]
        ours.apply(gradients, variables)
        theirs.apply([torch.tensor(gradient) for gradient in gradients], others)
    for one, other in zip(variables, others, strict=True):
        assert_same(one.numpy(), other.value.detach(), rtol=5e-5, atol=1e-5)


def model_of(library, widths, activations, task):
    """A Sequential of Dense layers with Flatten and Reshape before them."""
    layers = [
        library.layers.Dense(width, activation=activation)
        for width, activation in zip(widths, activations, strict=True)
    ]
    return library.Sequential(
        [
            library.Input((2, 3)),
            library.layers.Reshape((3, 2)),
            library.layers.Flatten(),
            *layers,
            library.layers.Activation("softmax" if task == "classes" else "linear"),
        ]
    )


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw"])
@pytest.mark.parametrize("seed", range(3))
def test_random_models_have_the_same_histories(seed, optimizer):
    rng = np.random.default_rng(seed)
    task = ["classes", "values"][seed % 2]
    depth = int(rng.integers(1, 4))
    widths = [int(width) for width in rng.integers(2, 7, depth)]
    activations = [*rng.choice(["tanh", "relu", "sigmoid"], depth - 1), None]
    n, batch_size = int(rng.integers(5, 40)), int(rng.integers(2, 12))
    x = draw(rng, n, 2, 3)
    y = (
        rng.integers(0, widths[-1], n)
        if task == "classes"
        else draw(rng, n, widths[-1])
    )
    histories, predictions, weights = [], [], None
    for library in (keras, kt):
        model = model_of(library, widths, activations, task)
        weights = weights or [draw(rng, *w.shape) for w in model.weights]
        model.set_weights(weights)
        loss = "mse" if task == "values" else "sparse_categorical_crossentropy"
        metrics = ["mae" if task == "values" else "accuracy"]
        model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
        history = model.fit(
            x,
            y,
            batch_size=batch_size,
            epochs=3,
            shuffle=False,
            verbose=0,
            validation_split=0.2,
        )
        histories.append(history.history)
        predictions.append(model.predict(x, verbose=0))
    assert list(histories[1]) == list(histories[0])
    for key, values in histories[0].items():
        np.testing.assert_allclose(
            histories[1][key], values, rtol=1e-5, atol=1e-7, err_msg=key
        )
    assert_same(predictions[1], predictions[0], rtol=5e-5, atol=1e-5)
