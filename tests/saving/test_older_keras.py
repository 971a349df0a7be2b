"""Files in the form of Keras 1 and 2, written here by hand."""

import json

import numpy as np
import pytest

from keratorch import saving
from keratorch.saving.legacy_config import modern_layer, modern_training

h5py = pytest.importorskip("h5py")
RANDOM = np.random.default_rng(0)
KERNEL = RANDOM.normal(size=(4, 3)).astype("float32")
BIAS = RANDOM.normal(size=3).astype("float32")
X = RANDOM.normal(size=(5, 4)).astype("float32")


def initializer(name, **config):
    return {"class_name": name, "config": {**config, "dtype": "float32"}}


DENSE = {
    "class_name": "Dense",
    "config": {
        "name": "dense",
        "trainable": True,
        "batch_input_shape": [None, 4],
        "dtype": "float32",
        "units": 3,
        "activation": "relu",
        "use_bias": True,
        "kernel_initializer": initializer(
            "VarianceScaling",
            scale=1.0,
            mode="fan_avg",
            distribution="uniform",
            seed=None,
        ),
        "bias_initializer": initializer("Zeros"),
        "kernel_regularizer": {
            "class_name": "L1L2",
            "config": {"l1": 0.0, "l2": 0.01},
        },
        "bias_regularizer": None,
        "activity_regularizer": None,
        "kernel_constraint": None,
        "bias_constraint": None,
    },
}
TRAINING = {
    "optimizer_config": {
        "class_name": "Adam",
        "config": {
            "lr": 0.01,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "decay": 0.0,
            "epsilon": 1e-7,
            "amsgrad": False,
        },
    },
    "loss": "categorical_crossentropy",
    "metrics": ["accuracy"],
    "sample_weight_mode": None,
    "loss_weights": None,
}


def written(path, config, training=None, state=()):
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.2.4"
        file.attrs["model_config"] = json.dumps(config).encode()
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"dense"]
        layer = weights.create_group("dense")
        names = ["dense/kernel:0", "dense/bias:0"]
        layer.attrs["weight_names"] = [name.encode() for name in names]
        for name, value in zip(names, (KERNEL, BIAS), strict=True):
            layer[name] = value
        if training:
            file.attrs["training_config"] = json.dumps(training).encode()
        if state:
            group = file.create_group("optimizer_weights")
            group.attrs["weight_names"] = [f"v_{i}".encode() for i in range(len(state))]
            for i, value in enumerate(state):
                group[f"v_{i}"] = value
    return path


def assert_relu_of_dense(model):
    expected = np.maximum(X @ KERNEL + BIAS, 0)
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "inner", [[DENSE], {"name": "sequential_1", "layers": [DENSE]}]
)
def test_sequential_models_of_keras_2(tmp_path, inner):
    moments = [np.full_like(a, i) for i, a in enumerate([KERNEL, BIAS, KERNEL, BIAS])]
    state = [np.array(7), *moments]
    config = {"class_name": "Sequential", "config": inner}
    path = written(tmp_path / "m.h5", config, TRAINING, state)
    model = saving.load_model(path)
    assert_relu_of_dense(model)
    assert float(model.optimizer.learning_rate) == 0.01
    assert [float(v.numpy().max()) for v in model.optimizer.variables] == (
        pytest.approx([7, 0.01, 0, 2, 1, 3])
    )


def test_functional_models_of_keras_2(tmp_path):
    dense = json.loads(json.dumps(DENSE))
    del dense["config"]["batch_input_shape"]
    first = {
        "name": "input_1",
        "class_name": "InputLayer",
        "config": {
            "batch_input_shape": [None, 4],
            "dtype": "float32",
            "sparse": False,
            "name": "input_1",
        },
        "inbound_nodes": [],
    }
    inner = {
        "name": "model_1",
        "layers": [
            first,
            {**dense, "name": "dense", "inbound_nodes": [[["input_1", 0, 0, {}]]]},
            {
                "name": "add_1",
                "class_name": "Add",
                "config": {"name": "add_1", "trainable": True},
                "inbound_nodes": [[["dense", 0, 0, {}], ["dense", 0, 0, {}]]],
            },
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["add_1", 0, 0]],
    }
    path = written(tmp_path / "m.h5", {"class_name": "Model", "config": inner})
    expected = 2 * np.maximum(X @ KERNEL + BIAS, 0)
    model = saving.load_model(path)
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "old, new",
    [
        (("Dropout", {"p": 0.5}), ("Dropout", {"rate": 0.5})),
        (
            ("Convolution2D", {"nb_filter": 2, "nb_row": 3, "nb_col": 3}),
            ("Conv2D", {"filters": 2, "kernel_size": [3, 3]}),
        ),
        (("LeakyReLU", {"alpha": 0.1}), ("LeakyReLU", {"negative_slope": 0.1})),
        (("ELU", {"alpha": 0.1}), ("ELU", {"alpha": 0.1})),
        (
            ("BatchNormalization", {"axis": [3], "fused": None, "mode": 0}),
            ("BatchNormalization", {"axis": 3}),
        ),
        (
            ("BatchNormalization", {"renorm": True, "renorm_clipping": {"dmax": 5.0}}),
            ("BatchNormalization", {"renorm": True, "renorm_clipping": {"dmax": 5.0}}),
        ),
        (("GRU", {"output_dim": 3}), ("GRU", {"units": 3, "reset_after": False})),
        (
            ("Embedding", {"input_dim": 9, "output_dim": 3, "input_length": 4}),
            ("Embedding", {"input_dim": 9, "output_dim": 3}),
        ),
        (
            ("LSTM", {"units": 3, "time_major": False, "inner_activation": "tanh"}),
            ("LSTM", {"units": 3, "recurrent_activation": "tanh"}),
        ),
    ],
    ids=lambda pair: pair[0],
)
def test_arguments_get_their_names_of_today(old, new):
    config = {"class_name": old[0], "config": {"trainable": True, **old[1]}}
    found = modern_layer(config)
    assert found["class_name"] == new[0]
    assert found["config"] == {"trainable": True, **new[1]}


def test_operations_of_tensorflow_are_named(tmp_path):
    layer = {"class_name": "TensorFlowOpLayer", "config": {"name": "tf_op_layer"}}
    config = {"class_name": "Sequential", "config": {"layers": [DENSE, layer]}}
    with pytest.raises(ValueError, match=r"operation of TensorFlow.*load_weights"):
        saving.load_model(written(tmp_path / "m.h5", config))


def test_weights_alone_are_no_model(tmp_path):
    path = written(tmp_path / "m.h5", {"class_name": "Sequential", "config": [DENSE]})
    model = saving.load_model(path)
    model.save_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match="holds weights alone"):
        saving.load_model(tmp_path / "w.h5")


def test_an_optimizer_of_ones_own_gets_its_own_arguments():
    described = {"class_name": "Mine", "config": {"lr": 0.5, "decay": 0.1}}
    config = {"optimizer_config": described, "loss": "mse", "metrics": []}
    compiled = modern_training(config)
    assert compiled["optimizer"] == described


def _mean_of(function, name):
    inner = {"name": name, "dtype": "float32", "fn": function}
    return {"class_name": "MeanMetricWrapper", "config": inner}


def test_metrics_keep_their_names(tmp_path):
    metrics = [
        _mean_of("mean_absolute_percentage_error", "mape"),
        _mean_of("mean_squared_logarithmic_error", "mine"),
        _mean_of("mean_absolute_error", "mean_absolute_error"),
        _mean_of("mean_squared_error", "mse"),
    ]
    training = {**TRAINING, "loss": "mse", "metrics": [metrics]}
    config = {"class_name": "Sequential", "config": [DENSE]}
    model = saving.load_model(written(tmp_path / "m.h5", config, training))
    y = np.eye(3, dtype="float32")[[0, 1, 2, 0, 1]]
    results = model.evaluate(X, y, return_dict=True, verbose=0)
    assert set(results) == {"loss", "mape", "mine", "mean_absolute_error", "mse"}
    logarithms = np.log1p(model.predict(X, verbose=0)) - np.log1p(y)
    assert results["mine"] == pytest.approx(np.mean(logarithms**2), rel=1e-5)


def _broken(tmp_path, change):
    config = {"class_name": "Sequential", "config": [DENSE]}
    path = written(tmp_path / "bad.h5", config, TRAINING, [np.array(7)])
    with h5py.File(path, "r+") as file:
        change(file)
    return path


@pytest.mark.parametrize(
    ("group", "attribute", "value", "named"),
    [
        ("model_weights", "layer_names", 7, "layer_names"),
        ("model_weights", "layer_names", "dense", "layer_names"),
        ("model_weights", "layer_names", [1, 2], "layer_names"),
        ("model_weights/dense", "weight_names", 7, "weight_names"),
        ("model_weights/dense", "weight_names", [b"kernel", b"bias"], "missing"),
        ("optimizer_weights", "weight_names", [b"nowhere"], "missing"),
        ("/", "training_config", "{{", "training_config"),
        ("/", "training_config", "[1]", "training_config"),
        ("/", "training_config", "[" * 100000, "training_config"),
        ("/", "training_config", '{"optimizer_config": 3}', "training_config"),
        (
            *("/", "training_config"),
            '{"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": 7}',
            "loss",
        ),
        ("/", "model_config", '{"class_name": "Model"}', "model_config"),
        (
            *("/", "model_config"),
            '{"class_name": "Model", "config": {"layers": 5}}',
            "model_config",
        ),
    ],
)
def test_broken_attributes_name_the_file(tmp_path, group, attribute, value, named):
    path = _broken(tmp_path, lambda file: file[group].attrs.create(attribute, value))
    with pytest.raises(ValueError, match=named) as caught:
        saving.load_model(path)
    if named != "loss":
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("names", [7, [b"kernel", b"bias"]])
def test_broken_names_leave_the_weights_as_they_are(tmp_path, names):
    model = saving.load_model(_broken(tmp_path, lambda file: None), compile=False)
    path = _broken(
        tmp_path,
        lambda file: file["model_weights/dense"].attrs.create("weight_names", names),
    )
    with pytest.raises(ValueError, match="bad.h5"):
        model.load_weights(path)
    assert_relu_of_dense(model)
