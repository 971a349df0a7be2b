"""Files that are damaged or made to do harm: no code runs, no memory is filled."""

import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest

import keratorch as keras
from keratorch import saving


def new_model():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="d")])


@pytest.fixture
def path(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "h5py", None)
        with pytest.warns(UserWarning, match="h5py is not installed"):
            new_model().save(tmp_path / "m.keras")
    return tmp_path / "m.keras"


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path, **changes):
    """Write the file anew with other members; None leaves one out."""
    members = members_of(path)
    members.update({k.replace("__", "."): v for k, v in changes.items()})
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)


def with_config(path, change):
    config = json.loads(members_of(path)["config.json"])
    change(config)
    rewritten(path, config__json=json.dumps(config))


def refused(path, match, **arguments):
    with pytest.raises(ValueError, match=match) as caught:
        saving.load_model(path, **arguments)
    assert len(str(caught.value)) < 700
    return str(caught.value)


@pytest.mark.parametrize(
    "content, match",
    [
        (b"", "is empty"),
        (b"\0" * 100, "only zeros"),
        (b"hello, world", "begins with b'hello, w'"),
        (pickle.dumps([1, 2]), "is a pickle. Those can run any code"),
        (b"PK\x03\x04 and nothing", "only the beginning of one"),
    ],
)
def test_garbage_says_what_it_is(tmp_path, content, match):
    path = tmp_path / "m.keras"
    path.write_bytes(content)
    refused(path, match)
    with pytest.raises(ValueError, match=match):
        new_model().load_weights(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        saving.load_model(tmp_path / "m.keras")
    (tmp_path / "cp.ckpt.index").write_bytes(b"1")
    with pytest.raises(FileNotFoundError, match="a checkpoint of TensorFlow"):
        new_model().load_weights(tmp_path / "cp.ckpt")
    (tmp_path / "saved_model.pb").write_bytes(b"1")
    refused(tmp_path, "is a SavedModel of TensorFlow")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_archives_are_refused(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "only the beginning of one|is damaged")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_truncated_hdf5_files_are_refused(tmp_path, share):
    pytest.importorskip("h5py")
    model, path = new_model(), tmp_path / "w.weights.h5"
    model.save_weights(path)
    before = model.get_weights()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match="truncated|damaged"):
        model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_flipped_bytes_never_load_silently_or_crash(path):
    content = bytearray(path.read_bytes())
    expected = saving.load_model(path).get_weights()
    for position in np.random.default_rng(0).integers(0, len(content), 60):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        path.write_bytes(bytes(damaged))
        try:
            found = saving.load_model(path).get_weights()
        except (ValueError, FileNotFoundError):
            continue
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(a, b)


def test_classes_are_never_imported_by_name(path, tmp_path):
    marker = tmp_path / "ran"

    def change(config):
        config["config"]["layers"][1].update(
            module="os", class_name="system", config={"command": f"touch {marker}"}
        )

    with_config(path, change)
    refused(path, "unknown layer 'system'")
    assert not marker.exists()


def test_lambdas_are_never_run_but_taken_from_the_user(path):
    def change(config):
        config["config"]["layers"].append(
            {
                "module": "keras.layers",
                "class_name": "Lambda",
                "config": {
                    "name": "double",
                    "function": {
                        "class_name": "__lambda__",
                        "config": {"code": "4w=="},
                    },
                },
            }
        )

    with_config(path, change)
    refused(path, "Lambda layer 'double' has no name.*custom_objects")
    refused(path, "has no name", safe_mode=False)
    model = saving.load_model(path, {"double": lambda x: x * 2})
    assert model.layers[-1].name == "double"


@pytest.mark.parametrize(
    "units, match",
    [(4, "another architecture"), (10**12, "does not hold so many numbers")],
)
def test_weights_are_compared_before_memory_is_taken(path, units, match):
    def change(config):
        config["config"]["layers"][1]["config"]["units"] = units

    with_config(path, change)
    refused(path, match)


def test_inputs_of_any_size_are_not_tried_out(path):
    def change(config):
        config["config"]["layers"][0]["config"]["batch_shape"] = [None, 10**13]

    with_config(path, change)
    refused(path, "its configuration has batch_shape")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"class_name": 3}',
        "[" * 100_000,
        '{"class_name": "Dense", "config": {"units": 3}, "module": "keras.layers"}',
        '{"class_name": "Sequential", "config": {"name": "s"}, "module": "keras"}',
    ],
)
def test_configurations_that_are_none_are_refused(path, text):
    rewritten(path, config__json=text)
    refused(path, "is damaged")


def test_members_that_are_missing_double_or_bombs_are_named(path):
    weights = members_of(path)["model.weights.npz"]
    rewritten(path, model__weights__npz=None)
    refused(path, "neither model.weights.h5 nor model.weights.npz")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("model.weights.npz", weights)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("model.weights.npz", weights)
    refused(path, "'model.weights.npz' twice")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (1 << 24))
    refused(path, "would grow from")


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_pickled_arrays_are_refused(path):
    class Harm:
        def __reduce__(self):
            return os.system, ("exit 1",)

    stored = {"layers/dense/vars/0": np.array([Harm()], dtype=object)}
    rewritten(path, model__weights__npz=npz(**stored))
    refused(path, "holds no numbers but object")


def test_complex_numbers_are_no_weights_of_a_layer(path):
    stored = {f"layers/dense/vars/{i}": np.ones(n) for i, n in enumerate([(4, 3), 3])}
    stored["layers/dense/vars/0"] = stored["layers/dense/vars/0"] + 1j
    rewritten(path, model__weights__npz=npz(**stored))
    refused(path, r"\(4, 3\) complex128")


@pytest.mark.parametrize("kind", ["StringLookup", "IntegerLookup", "TextVectorization"])
@pytest.mark.parametrize("name", ["vocabulary", "idf_weights"])
def test_files_that_a_configuration_names_are_not_read(path, tmp_path, kind, name):
    (tmp_path / "secret.txt").write_text("1\n2\n")
    layer = getattr(keras.layers, kind)()
    config = {**layer.get_config(), name: str(tmp_path / "secret.txt")}

    def change(model):
        stored = {"module": "keras.layers", "class_name": kind, "config": config}
        model["config"]["layers"][1] = stored | {"registered_name": None}

    with_config(path, change)
    refused(path, f"names a file for {name}")


def test_a_layer_made_by_hand_reads_its_file_and_is_cloned(tmp_path):
    (tmp_path / "words.txt").write_text("a\nb\n")
    layer = keras.layers.StringLookup(vocabulary=str(tmp_path / "words.txt"))
    model = keras.Sequential([keras.Input((1,), dtype="string"), layer])
    assert layer.get_vocabulary() == ["[UNK]", "a", "b"]
    keras.models.clone_model(model)
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert loaded.layers[-1].get_vocabulary() == ["[UNK]", "a", "b"]


def test_headers_that_claim_more_than_there_is_are_refused(path):
    content = npz(**{"layers/dense/vars/0": np.ones((4, 3), "float32")})
    content = content.replace(b"(4, 3)", b"(4, 9)")
    rewritten(path, model__weights__npz=content)
    refused(path, "has no header of an array")


@pytest.fixture
def hdf5(tmp_path):
    """The path of a file to be filled, and the module to do it with."""
    return tmp_path / "w.weights.h5", pytest.importorskip("h5py")


def refused_hdf5(path, match):
    model = new_model()
    with pytest.raises(ValueError, match=match):
        model.load_weights(path)


def test_links_out_of_hdf5_files_are_refused(hdf5):
    path, h5py = hdf5
    with h5py.File(path, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["0"] = h5py.ExternalLink("/etc/passwd", "x")
    refused_hdf5(path, "is a ExternalLink, which is refused")
    with h5py.File(path, "w") as file:
        file["layers"] = h5py.SoftLink("/elsewhere")
    refused_hdf5(path, "is a SoftLink, which is refused")


def test_hdf5_arrays_in_other_files_are_refused(hdf5, tmp_path):
    path, h5py = hdf5
    (tmp_path / "raw").write_bytes(b"\0" * 48)
    with h5py.File(path, "w") as file:
        file.create_dataset(
            "layers/dense/vars/0",
            (4, 3),
            "float32",
            external=[(str(tmp_path / "raw"), 0, 48)],
        )
    refused_hdf5(path, "numbers in another file")
    layout = h5py.VirtualLayout((4, 3), "float32")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4, 3))
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset("layers/dense/vars/0", layout)
    refused_hdf5(path, "numbers in another file")


def test_hdf5_arrays_without_numbers_in_the_file_are_refused(hdf5):
    path, h5py = hdf5
    with h5py.File(path, "w") as file:
        file.create_dataset(
            "layers/dense/vars/0", (10**7, 10**7), "float32", chunks=(1, 10**5)
        )
    refused_hdf5(path, "of which 0 are in the file")


def test_groups_that_hold_themselves_are_refused(hdf5):
    path, h5py = hdf5
    with h5py.File(path, "w") as file:
        file["self"] = file["/"]
    refused_hdf5(path, "groups inside each other")


def test_text_in_place_of_numbers_is_refused(hdf5):
    path, h5py = hdf5
    with h5py.File(path, "w") as file:
        file["layers/dense/vars/0"] = ["a", "b"]
    refused_hdf5(path, "holds no numbers")
