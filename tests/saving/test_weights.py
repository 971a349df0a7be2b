import json

import numpy as np
import pytest

import keratorch as keras

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
NAMES = ["w.weights.h5", "w.h5", "w.hdf5", "w.npz", "w.safetensors", "w.ckpt", "w"]


def new_model(units=3, outputs=2):
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(units, name="first"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Dense(outputs, name="second"),
        ]
    )


def assert_same(one, other, x=X):
    a, b = (model.predict(x, verbose=0) for model in (one, other))
    np.testing.assert_array_equal(a, b)


@pytest.fixture(params=NAMES)
def name(request):
    if "h5" in request.param or "hdf5" in request.param:
        pytest.importorskip("h5py")
    if "safe" in request.param:
        pytest.importorskip("safetensors")
    return request.param


def test_weights_come_back(tmp_path, name):
    model, other = new_model(), new_model()
    model.save_weights(tmp_path / name)
    other.load_weights(str(tmp_path / name))
    assert_same(other, model)


def test_another_architecture_is_shown_as_a_table_and_changes_nothing(tmp_path, name):
    new_model(5).save_weights(tmp_path / name)
    model = new_model()
    before = model.get_weights()
    with pytest.raises(ValueError, match="another architecture; nothing was") as caught:
        model.load_weights(tmp_path / name)
    assert "(4, 3)" in str(caught.value)
    assert "(4, 5)" in str(caught.value)
    assert len(str(caught.value)) < 900
    for a, b in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_fits_is_loaded_if_asked_to(tmp_path, name):
    source = new_model(outputs=7)
    source.save_weights(tmp_path / name)
    model = new_model()
    with pytest.warns(UserWarning, match=r"(?s)were left out:.*\(3, 7\)"):
        model.load_weights(tmp_path / name, skip_mismatch=True)
    kernels = [m.layers[0].kernel.numpy() for m in (model, source)]
    np.testing.assert_array_equal(*kernels)


def test_fewer_and_more_layers_are_differences(tmp_path, name):
    longer = keras.Sequential([*new_model().layers, keras.layers.Dense(2, name="more")])
    longer.build((None, 4))
    longer.save_weights(tmp_path / name)
    with pytest.raises(ValueError, match="another architecture"):
        new_model().load_weights(tmp_path / name)
    new_model().save_weights(tmp_path / name)
    with pytest.raises(ValueError, match="another architecture"):
        longer.load_weights(tmp_path / name)


def test_layers_are_found_by_name_in_files_of_keras_2(tmp_path):
    pytest.importorskip("h5py")
    source = new_model()
    source.save_weights(tmp_path / "w.h5")
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, name="first"), keras.layers.Dense(9)]
    )
    model.load_weights(tmp_path / "w.h5", by_name=True)
    kernels = [m.layers[0].kernel.numpy() for m in (model, source)]
    np.testing.assert_array_equal(*kernels)
    source.save_weights(tmp_path / "w.weights.h5")
    with pytest.raises(ValueError, match="by_name=True needs a file in the layout"):
        model.load_weights(tmp_path / "w.weights.h5", by_name=True)


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_the_weights_of_a_whole_model_can_be_loaded(tmp_path):
    model, other = new_model(), new_model()
    model.save(tmp_path / "m.keras")
    other.load_weights(tmp_path / "m.keras")
    assert_same(other, model)


def test_many_long_names_go_into_several_attributes(tmp_path):
    h5py = pytest.importorskip("h5py")
    layers = [keras.layers.Dense(1, name=f"{i:03}{'x' * 300}") for i in range(240)]
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.save_weights(tmp_path / "w.h5")
    with h5py.File(tmp_path / "w.h5") as file:
        assert "layer_names0" in file.attrs
    other = keras.models.Sequential([keras.Input((1,))])
    for layer in layers:
        other.add(keras.layers.Dense(1, name=layer.name))
    other.load_weights(tmp_path / "w.h5")
    assert_same(other, model, X[:, :1])


def test_a_state_of_another_optimizer_is_left_out(tmp_path):
    model = new_model()
    model.compile("adam", "mse")
    model.fit(X, X[:, :2], verbose=0)
    model.save_weights(tmp_path / "w.npz")
    other = new_model()
    other.compile(keras.optimizers.SGD(momentum=0.9), "mse")
    with pytest.warns(UserWarning, match="not that of SGD.*begins anew"):
        other.load_weights(tmp_path / "w.npz")
    assert_same(other, model)


def test_unbuilt_models_are_refused(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="save_weights: .* has no weights yet"):
        model.save_weights(tmp_path / "w.npz")
    new_model().save_weights(tmp_path / "w.npz")
    with pytest.raises(ValueError, match="load_weights: .* has no weights yet"):
        model.load_weights(tmp_path / "w.npz")


def test_a_model_that_is_never_called_itself_has_the_weights_of_its_layers(tmp_path):
    class Trainer(keras.Model):
        def __init__(self):
            super().__init__()
            self.network = new_model()

        def train_step(self, data):
            return {"loss": self.network(data).numpy().mean()}

    trainer = Trainer()
    trainer.compile()
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.weights.h5", "loss", save_weights_only=True
    )
    trainer.fit(X, verbose=0, callbacks=[best])
    other = Trainer()
    other.load_weights(tmp_path / "best.weights.h5")
    assert_same(other.network, trainer.network)


class TwoOptimizers(keras.Model):
    """Trains two networks, each by an optimizer of its own."""

    def __init__(self):
        super().__init__()
        self.networks = [new_model(), new_model()]

    def compile(self, first, second):
        super().compile()
        self.first, self.second = first, second

    def train_step(self, data):
        optimizers = self.first, self.second
        for network, optimizer in zip(self.networks, optimizers, strict=True):
            loss = (network(data) ** 2).mean()
            weights = network.trainable_variables
            optimizer.apply(keras.gradients(loss, weights), weights)
        return {"loss": loss.numpy()}


def two_optimizers():
    model = TwoOptimizers()
    model.compile(keras.optimizers.Adam(), keras.optimizers.SGD(momentum=0.9))
    return model


def test_optimizers_in_attributes_are_kept_and_loaded(tmp_path):
    model = two_optimizers()
    model.fit(X, verbose=0)
    model.save_weights(tmp_path / "w.weights.h5")
    before = [v.numpy() for v in model.first.variables + model.second.variables]
    model.fit(X, verbose=0)
    model.load_weights(tmp_path / "w.weights.h5")
    after = [v.numpy() for v in model.first.variables + model.second.variables]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_optimizers_that_know_no_weights_yet_begin_anew_as_in_keras(tmp_path):
    model = two_optimizers()
    model.fit(X, verbose=0)
    model.save_weights(tmp_path / "w.weights.h5")
    other = two_optimizers()
    with pytest.warns(UserWarning, match=r"not that of (Adam: 14|SGD: 8) arrays"):
        other.load_weights(tmp_path / "w.weights.h5")
    for mine, its in zip(other.networks, model.networks, strict=True):
        assert_same(mine, its)
    assert not other.first.built
    other.fit(X, verbose=0)


def test_layers_may_write_and_read_their_weights_themselves(tmp_path):
    class Table(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.table = np.zeros(3)

        def build(self, input_shape):
            pass

        def call(self, inputs):
            return inputs + self.table[0]

        def save_own_variables(self, store):
            store["table"] = self.table

        def load_own_variables(self, store):
            self.table = np.array(store["table"])

    model, other = (keras.Sequential([keras.Input((4,)), Table()]) for _ in "ab")
    model.layers[0].table[:] = 5
    model.save_weights(tmp_path / "w.npz")
    other.load_weights(tmp_path / "w.npz")
    assert other.layers[0].table.tolist() == [5, 5, 5]


@pytest.mark.parametrize("ending", [".weights.h5", ".npz"])
def test_layers_may_be_left_out_of_the_file_and_left_alone_by_it(tmp_path, ending):
    if ending == ".weights.h5":
        pytest.importorskip("h5py")

    def two_layers(value):
        inner = keras.Sequential([keras.layers.Dense(3)])
        model = keras.Sequential([keras.Input((2,)), inner, keras.layers.Dense(1)])
        model.set_weights([np.full(w.shape, value) for w in model.get_weights()])
        return model

    path = tmp_path / f"part{ending}"
    given = two_layers(1)
    given.save_weights(path, objects_to_skip=given.layers[:1])
    with pytest.raises(ValueError, match="another architecture"):
        two_layers(0).load_weights(path)
    given.save_weights(tmp_path / f"all{ending}")
    for file in ("part", "all"):
        taker = two_layers(0)
        taker.load_weights(
            tmp_path / f"{file}{ending}", objects_to_skip=[taker.layers[0]]
        )
        assert [w.numpy().max() for w in taker.weights] == [0, 0, 1, 1]
    with pytest.raises(ValueError, match="no layer of the model"):
        given.save_weights(path, objects_to_skip=["dense"])


def test_a_missing_file_is_a_value_error_too(tmp_path):
    for error in (FileNotFoundError, ValueError):
        with pytest.raises(error, match="there is no file"):
            keras.saving.load_model(tmp_path / "none.keras")


def test_weights_may_lie_in_several_files_with_an_index(tmp_path):
    pytest.importorskip("h5py")
    model = new_model(units=8, outputs=3)
    index = tmp_path / "m.weights.json"
    model.save_weights(index, max_shard_size=200 / 2**30)  # bytes as gigabytes
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [index.name, *(f"m_0000{i}.weights.h5" for i in range(3))]
    content = json.loads(index.read_text())
    assert content["metadata"]["total_size"] == sum(w.nbytes for w in model.weights)
    assert "/layers/dense/vars" in content["weight_map"]
    taker = new_model(units=8, outputs=3)
    taker.load_weights(index)
    assert_same(model, taker)
    (tmp_path / names[1]).unlink()
    with pytest.raises(FileNotFoundError, match="not beside it"):
        taker.load_weights(index)


def test_an_index_leads_to_no_other_folder(tmp_path):
    index = tmp_path / "m.weights.json"
    for content, says in [
        ('{"weight_map": {"/vars": "../m.h5"}}', "outside of its folder"),
        ('{"weight_map": {"/vars": [3]}}', "outside of its folder"),
        ('{"weights": {}}', "no index"),
        ("{", "no index"),
    ]:
        index.write_text(content)
        with pytest.raises(ValueError, match=says):
            new_model().load_weights(index)


@pytest.mark.parametrize(
    ("name", "size", "says"),
    [
        ("m.weights.json", 1e-9, "alone has"),
        ("m.weights.json", -1, "above 0"),
        ("m.weights.json", None, "max_shard_size=None"),
        ("m.weights.h5", 1, "ends in '.weights.json'"),
    ],
)
def test_shards_need_an_index_and_a_size(tmp_path, name, size, says):
    pytest.importorskip("h5py")
    with pytest.raises(ValueError, match=says):
        new_model().save_weights(tmp_path / name, max_shard_size=size)
    assert not list(tmp_path.glob("*.json"))
