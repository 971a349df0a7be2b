"""TensorBoard's files, read back record by record, and by TensorBoard where it is."""

import io
import json
import struct
import sys

import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks.tensorboard import TensorBoard

pytest.importorskip("tensorboardX")
from tensorboardX.crc32c import crc32c
from tensorboardX.proto.event_pb2 import Event


def masked(data):
    check = crc32c(data)
    return ((check >> 15 | check << 17) + 0xA282EAD8) & 0xFFFFFFFF


def events(folder):
    """Yield (tag, step, value) of all events of a run, their checksums compared."""
    for path in sorted(folder.glob("events.out.tfevents.*")):
        stream = io.BytesIO(path.read_bytes())
        while header := stream.read(8):
            assert struct.unpack("<I", stream.read(4))[0] == masked(header)
            data = stream.read(struct.unpack("<Q", header)[0])
            assert struct.unpack("<I", stream.read(4))[0] == masked(data)
            event = Event.FromString(data)
            for value in event.summary.value:
                yield value.tag, event.step, value


def scalars(folder):
    found = {}
    for tag, step, value in events(folder):
        if value.WhichOneof("value") == "simple_value":
            found.setdefault(tag, []).append((step, value.simple_value))
    return found


def model_and_data(**compiled):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).random((12, 4), np.float32)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="inner")])
    model.add(keras.layers.Dense(1, name="outer"))
    model.compile("sgd", "mse", metrics=["mae"], **compiled)
    return model, x, x.sum(axis=1, keepdims=True)


def fit(callback, **options):
    model, x, y = model_and_data()
    arguments = {"epochs": 2, "batch_size": 4, "verbose": 0, **options}
    history = model.fit(x, y, callbacks=[callback], **arguments)
    return model, history.history


def test_numbers_of_epochs_are_those_of_the_history_under_keras_names(tmp_path):
    _, history = fit(TensorBoard(tmp_path), validation_split=0.5)
    train, validation = scalars(tmp_path / "train"), scalars(tmp_path / "validation")
    assert set(train) == {"epoch_loss", "epoch_mae", "epoch_learning_rate"}
    for name in ("loss", "mae"):
        written = [value for _, value in train[f"epoch_{name}"]]
        np.testing.assert_allclose(written, history[name], rtol=1e-6)
        written = [value for _, value in validation[f"epoch_{name}"]]
        np.testing.assert_allclose(written, history[f"val_{name}"], rtol=1e-6)
    assert [step for step, _ in train["epoch_learning_rate"]] == [0, 1]
    assert train["epoch_learning_rate"][0][1] == np.float32(0.01)
    evaluated = validation["evaluation_loss_vs_iterations"]
    assert [step for step, _ in evaluated] == [2, 4]
    assert [v for _, v in evaluated] == [v for _, v in validation["epoch_loss"]]


def test_evaluate_alone_writes_over_the_number_of_updates(tmp_path):
    model, x, y = model_and_data()
    model.fit(x, y, batch_size=4, verbose=0)
    loss, _ = model.evaluate(x, y, verbose=0, callbacks=[TensorBoard(tmp_path)])
    found = scalars(tmp_path / "validation")
    assert found["evaluation_loss_vs_iterations"] == [(3, np.float32(loss))]
    assert not (tmp_path / "train").exists()


@pytest.mark.parametrize(("freq", "steps"), [("batch", [1, 2, 3, 4, 5, 6]), (4, [4])])
def test_update_freq_writes_every_nth_batch_of_the_run(freq, steps, tmp_path):
    fit(TensorBoard(tmp_path, update_freq=freq, write_steps_per_second=True))
    found = scalars(tmp_path / "train")
    for tag in ("batch_loss", "batch_mae", "batch_steps_per_second"):
        assert [step for step, _ in found[tag]] == steps
    assert all(speed > 0 for _, speed in found["epoch_steps_per_second"])


def test_histograms_and_images_of_the_weights(tmp_path):
    model, _ = fit(TensorBoard(tmp_path, histogram_freq=2, write_images=True), epochs=3)
    found = {(tag, step): value for tag, step, value in events(tmp_path / "train")}
    kernel = model.layers[0].kernel
    assert (f"{kernel.path}/histogram", 1) not in found
    histogram = found[f"{kernel.path}/histogram", 2].histo
    assert (histogram.num, sum(histogram.bucket)) == (12, 12)
    np.testing.assert_allclose(histogram.sum, kernel.numpy().sum(), rtol=1e-5)
    image = found[f"{kernel.path}/image", 2]
    assert image.metadata.plugin_data.plugin_name == "images"
    width, height, png = image.tensor.string_val
    assert (width, height) == (b"4", b"3")
    pictures = pytest.importorskip("PIL.Image")
    pixels = np.asarray(pictures.open(io.BytesIO(png)))
    expected = np.clip(kernel.numpy() * 255.5, 0, 255).astype(np.uint8)
    np.testing.assert_array_equal(pixels, expected.T)


def test_each_weight_is_written_once_an_epoch(tmp_path):
    fit(TensorBoard(tmp_path, histogram_freq=1))
    tags = [tag for tag, _, v in events(tmp_path / "train") if v.HasField("histo")]
    assert len(tags) == 8
    assert len(set(tags)) == 4


def test_weights_that_are_not_finite_leave_the_histogram_out(tmp_path):
    callback = TensorBoard(tmp_path, histogram_freq=1)
    model, _, _ = model_and_data()
    model.layers[0].kernel.assign(np.full((4, 3), np.nan))
    callback.set_model(model)
    callback.on_epoch_end(0)
    callback.on_train_end()
    tags = {tag for tag, _, _ in events(tmp_path / "train")}
    assert tags == {f"{weight.path}/histogram" for weight in model.weights[1:]}


def test_the_model_is_written_as_json_for_the_graph(tmp_path):
    model, _ = fit(TensorBoard(tmp_path))
    ((_, step, value),) = [e for e in events(tmp_path / "train") if e[0] == "keras"]
    assert value.metadata.plugin_data.plugin_name == "graph_keras_model"
    written = json.loads(value.tensor.string_val[0])
    assert (step, written["config"]["name"]) == (0, model.name)
    fit(TensorBoard(tmp_path / "other", write_graph=False))
    assert "keras" not in {tag for tag, _, _ in events(tmp_path / "other" / "train")}


def test_embeddings_are_tables_that_the_projector_finds(tmp_path):
    table = keras.layers.Embedding(5, 2, name="words")
    model = keras.Sequential([keras.Input((3,)), table, keras.layers.Flatten()])
    model.add(keras.layers.Dense(1))
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3), int), np.ones((4, 1))
    named = TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"words": "n"})
    model.fit(x, y, verbose=0, callbacks=[named])
    written = np.loadtxt(tmp_path / "train" / "words.tsv")
    np.testing.assert_allclose(written, table.embeddings.numpy(), rtol=1e-6)
    config = (tmp_path / "train" / "projector_config.pbtxt").read_text()
    assert 'tensor_path: "words.tsv"' in config
    assert 'metadata_path: "n"' in config
    unknown = TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"w": "n"})
    with pytest.raises(ValueError, match=r"names \['w'\].*are \['words'\]"):
        model.fit(x, y, verbose=0, callbacks=[unknown])


def test_a_second_fit_adds_a_file_and_an_error_closes_the_first(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("stop")

    callback = TensorBoard(tmp_path)
    model, x, y = model_and_data()
    with pytest.raises(RuntimeError, match="stop"):
        model.fit(x, y, verbose=0, callbacks=[callback, Stop()])
    model.fit(x, y, verbose=0, callbacks=[callback])
    assert len(list((tmp_path / "train").iterdir())) == 2
    assert [step for step, _ in scalars(tmp_path / "train")["epoch_loss"]] == [0, 0]


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("update_freq", 0, "received 0"),
        ("update_freq", "epochs", "received 'epochs'"),
        ("histogram_freq", -1, "number of epochs"),
        ("embeddings_freq", 0.5, "number of epochs"),
        ("profile_batch", (20, 10), r"received \(20, 10\)"),
        ("profile_batch", "ten", "received 'ten'"),
    ],
)
def test_arguments_outside_their_range_are_refused(argument, value, message):
    with pytest.raises(ValueError, match=message):
        TensorBoard(**{argument: value})


@pytest.mark.parametrize("value", [5, (10, 20), "10,20"])
def test_profile_batch_says_that_it_profiles_nothing(value):
    with pytest.warns(UserWarning, match="profiles nothing here"):
        TensorBoard(profile_batch=value)


def test_the_missing_extra_is_named_when_training_begins(tmp_path, monkeypatch):
    callback = TensorBoard(tmp_path)
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r'pip install "keratorch\[tensorboard\]"'):
        fit(callback)


def test_tensorboard_reads_the_run(tmp_path):
    reader = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator"
    )
    callback = TensorBoard(tmp_path, histogram_freq=1, write_images=True, update_freq=3)
    kernel = fit(callback)[0].weights[-2].path
    run = reader.EventAccumulator(str(tmp_path / "train")).Reload()
    assert [event.step for event in run.Scalars("epoch_loss")] == [0, 1]
    assert [event.step for event in run.Scalars("batch_loss")] == [3, 6]
    assert run.Histograms(f"{kernel}/histogram")[0].histogram_value.num == 3
    assert {"keras", f"{kernel}/image"} <= set(run.Tags()["tensors"])


def test_a_functional_model_is_not_among_its_own_layers(tmp_path):
    x = keras.Input((4,))
    model = keras.Model(x, keras.layers.Dense(1)(x))
    model.compile("sgd", "mse")
    callback = TensorBoard(tmp_path, histogram_freq=1)
    model.fit(np.ones((4, 4)), np.ones((4, 1)), verbose=0, callbacks=[callback])
    tags = [tag for tag, _, v in events(tmp_path / "train") if v.HasField("histo")]
    assert tags == [f"{weight.path}/histogram" for weight in model.weights]
