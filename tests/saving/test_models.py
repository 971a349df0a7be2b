import json
import zipfile

import numpy as np
import pytest

import keratorch as keras
from keratorch import saving

X = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
Y = X[:, :1] * 2 + 1


def new_model():
    keras.utils.set_random_seed(2)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(3, "tanh", kernel_regularizer="l2", name="hidden"),
            layers.BatchNormalization(),
            layers.Dense(1),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.01), "mse", loss_weights=[0.5], metrics=["mae"]
    )
    return model


def assert_same(one, other, x=X):
    pairs = zip(one.predict(x, verbose=0), other.predict(x, verbose=0), strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(a, b)


def fit(model, epochs):
    return model.fit(X, Y, 4, epochs, shuffle=False, verbose=0).history


@pytest.fixture(params=["m.keras", "m.h5", "m.hdf5", "m.ckpt", "m"])
def name(request):
    if request.param.endswith(("h5", "hdf5")):
        pytest.importorskip("h5py")
    return request.param


@pytest.fixture(autouse=True)
def without_h5py(recwarn):
    """Without h5py each .keras file warns."""
    yield
    recwarn.clear()


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_training_resumed_equals_training_uninterrupted(tmp_path, name):
    whole = new_model()
    fit(whole, 2)
    expected = fit(whole, 3)
    half = new_model()
    fit(half, 2)
    half.save(tmp_path / name)
    resumed = saving.load_model(tmp_path / name)
    assert fit(resumed, 3) == expected
    for a, b in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_what_compile_was_given_comes_back(tmp_path):
    model = new_model()
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert loaded.get_compile_config() == model.get_compile_config()
    assert not saving.load_model(tmp_path / "m.keras", compile=False).compiled


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_a_model_may_be_saved_without_its_optimizer(tmp_path):
    model = new_model()
    model.save(tmp_path / "m.keras", include_optimizer=False)
    assert not saving.load_model(tmp_path / "m.keras").compiled


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_an_optimizer_without_any_update_comes_back_silently(tmp_path, name, optimizer):
    pytest.importorskip("h5py")
    model = new_model()
    model.compile(optimizer, "mse")
    model.optimizer.learning_rate = 0.25
    model.save(tmp_path / name)
    loaded = keras.models.load_model(tmp_path / name)
    assert float(loaded.optimizer.learning_rate) == 0.25
    loaded.fit(X, Y, verbose=0)


def test_the_archive_has_the_members_of_keras(tmp_path):
    pytest.importorskip("h5py")
    new_model().save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as members:
        assert members.namelist() == [
            "metadata.json",
            "config.json",
            "model.weights.h5",
        ]
        assert json.loads(members.read("config.json"))["class_name"] == "Sequential"


def test_without_h5py_weights_are_npz_and_a_warning_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    model = new_model()
    with pytest.warns(UserWarning, match="which Keras cannot read: pip install"):
        model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert_same(loaded, model)
    with pytest.raises(ImportError, match=r'pip install "keratorch\[hdf5\]"'):
        model.save(tmp_path / "m.h5")
    model.save_weights(tmp_path / "w.ckpt")
    loaded.load_weights(tmp_path / "w.ckpt")


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_functional_models_with_shared_layers_come_back(tmp_path):
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = keras.layers.Dense(3)
    model = keras.Model({"a": a, "b": b}, [shared(a) + 2 * shared(b), shared(a)[:, :1]])
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    data = {"a": X, "b": -X}
    assert_same(loaded, model, data)


class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=input_shape[-1:])

    def call(self, inputs):
        return inputs * self.scale * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_a_layer_of_ones_own_is_found_when_passed_or_registered(tmp_path):
    model = keras.Sequential([keras.Input((4,)), Scale(2.0)])
    model.save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="unknown layer 'Scale'.*custom_objects"):
        saving.load_model(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras", {"Scale": Scale})
    assert_same(loaded, model)
    saving.get_custom_objects()["Scale"] = Scale
    try:
        saving.load_model(tmp_path / "m.keras")
    finally:
        del saving.get_custom_objects()["Scale"]


def twice(x):
    return x * 2


def my_loss(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2, axis=-1)


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_functions_of_ones_own_are_found_by_name(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, twice)])
    model.compile("sgd", my_loss, metrics=[my_loss])
    model.save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="twice"):
        saving.load_model(tmp_path / "m.keras")
    custom = {"twice": twice, "my_loss": my_loss}
    loaded = saving.load_model(tmp_path / "m.keras", custom)
    assert fit(loaded, 1) == fit(model, 1)
    with pytest.raises(ValueError, match="my_loss.*compile=False"):
        saving.load_model(tmp_path / "m.keras", {"twice": twice})


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_a_subclass_comes_back_when_it_describes_itself(tmp_path):
    class Net(keras.Model):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.blocks = [keras.layers.Dense(units), [keras.layers.Dense(1)]]

        def call(self, x):
            return self.blocks[1][0](self.blocks[0](x))

        def get_config(self):
            return {"name": self.name, "units": self.units}

    model = Net(3)
    model(X)
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras", {"Net": Net})
    assert_same(loaded, model)


def test_a_model_goes_through_json():
    text = new_model().to_json(indent=1)
    assert saving.model_from_json(text).count_params() == new_model().count_params()
    with pytest.raises(ValueError, match="its configuration is no JSON"):
        saving.model_from_json("{")


def test_clones_have_weights_of_their_own():
    model = new_model()
    clone = saving.clone_model(model)
    assert clone.layers[0] is not model.layers[0]
    assert [w.shape for w in clone.weights] == [w.shape for w in model.weights]
    doubled = saving.clone_model(
        model,
        clone_function=lambda layer: (
            keras.layers.Dense(6, name=layer.name)
            if layer.name == "hidden"
            else type(layer).from_config(layer.get_config())
        ),
    )
    assert doubled.get_layer("hidden").units == 6
    x = keras.Input((4,))
    shared = keras.layers.Dense(2)
    functional = keras.Model(x, shared(x) + shared(x * 2))
    assert saving.clone_model(functional).count_params() == 10


def test_errors_before_a_file_is_written(tmp_path):
    with pytest.raises(ValueError, match="has no weights yet"):
        keras.Sequential([keras.layers.Dense(1)]).save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="zipped=False"):
        new_model().save(tmp_path / "m", zipped=False)
    with pytest.raises(ValueError, match="a name for weights alone"):
        new_model().save(tmp_path / "m.weights.h5")
    with pytest.raises(NotImplementedError, match=r"model.save\('model.keras'\)"):
        new_model().export(tmp_path / "m")
    (tmp_path / "m.keras").write_bytes(b"old")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        new_model().save(tmp_path / "m.keras", overwrite=False)
    assert list(tmp_path.iterdir()) == [tmp_path / "m.keras"]


def test_clone_of_a_model_has_its_functions_as_steps_too():
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(3)(inputs)
    gate = hidden * keras.activations.sigmoid(hidden)
    outputs = keras.ops.softmax(gate)[:, :2].astype("float32")
    model = keras.Model(inputs, outputs)
    clone = saving.clone_model(model)
    clone.set_weights(model.get_weights())
    x = np.random.default_rng(4).random((5, 4))
    np.testing.assert_array_equal(clone.predict(x), model.predict(x))
    steps, copies = model._network.operations, clone._network.operations
    assert [step.name for step in steps] == [copy.name for copy in copies]
    assert not {id(step) for step in steps} & {id(copy) for copy in copies}


class Scaled(keras.layers.Layer):
    """Needs to be told what to begin with, when it is built."""

    def build(self, input_shape, start):
        self.start = start
        self.factor = self.add_weight(input_shape[-1:], initializer=start)

    def call(self, inputs):
        return inputs * self.factor

    def get_build_config(self):
        return {"width": self.factor.shape[0], "start": self.start}

    def build_from_config(self, config):
        self.build((None, config["width"]), config["start"])


@pytest.mark.parametrize("functional", [False, True])
def test_a_layer_with_a_build_of_its_own_is_built_by_what_it_told(tmp_path, functional):
    layer = Scaled()
    layer.build((None, 4), "ones")
    chain = [layer, keras.layers.Dense(1)]
    if functional:
        inputs = keras.Input((4,))
        model = keras.Model(inputs, chain[1](chain[0](inputs)))
    else:
        model = keras.Sequential(chain)
    layer.factor.assign([1, 2, 3, 4])
    model(X)
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras", {"Scaled": Scaled})
    assert_same(model, loaded)
    assert next(x for x in loaded.layers if isinstance(x, Scaled)).start == "ones"


@keras.saving.register_keras_serializable("tests")
class CompiledItsOwnWay(keras.Sequential):
    def compile_from_config(self, config):
        self.compile("sgd", config["loss"])


def test_a_class_may_say_how_it_is_compiled_from_a_file(tmp_path):
    model = CompiledItsOwnWay([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.save(tmp_path / "own.keras")
    again = keras.saving.load_model(tmp_path / "own.keras")
    assert type(again.optimizer).__name__ == "SGD"


def test_a_sequential_of_built_layers_is_saved_before_it_meets_data(tmp_path):
    layers = [keras.layers.Dense(2), keras.layers.Dense(1)]
    for layer, features in zip(layers, (3, 2), strict=True):
        layer.build((None, features))
    model = keras.Sequential(layers)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    assert not model.built and not again.built  # as in Keras
    x = np.ones((4, 3), "float32")
    np.testing.assert_array_equal(again(x).numpy(), model(x).numpy())
