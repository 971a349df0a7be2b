"""KeraTorch has Keras 3.15's public names, with its arguments, but for those listed."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import keratorch

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # old paths
LINES = (Path(__file__).parent / "data" / "keras_names.txt").read_text().splitlines()
KERAS = {name: rest for name, _, rest in (line.partition("(") for line in LINES)}

#: Names, and the beginnings of names, that are left out on purpose.
ABSENT = {
    "legacy.saving": "keras.saving reads the files of Keras 2 as well",
    "utils.legacy": "keras.saving reads the files of Keras 2 as well",
}
#: Names that are there, and say when they are called why there is nothing to call.
REFUSED = [
    "callbacks.OrbaxCheckpoint",
    "distribution.DataParallel",
    "distribution.DeviceMesh",
    "distribution.LayoutMap",
    "distribution.ModelParallel",
    "distribution.TensorLayout",
    "export.ExportArchive",
    "layers.FlaxLayer",
    "layers.JaxLayer",
    "layers.TFSMLayer",
    "layers.TorchModuleWrapper",
    "quantizers.AWQConfig",
    "quantizers.GPTQConfig",
]
PROCESSES = "there is one process: it has no copies of a weight to bring together"
DENSE = "arrays here are dense"
#: Arguments that are left out, or have another default, on purpose.
OTHER_ARGUMENTS = {
    "Input": {"ragged": DENSE, "sparse": DENSE},
    "layers.Input": {"ragged": DENSE, "sparse": DENSE},
    "layers.InputLayer": {"ragged": DENSE, "sparse": DENSE},
    "KerasTensor": {
        "dtype": "floatx() is the default",
        "sparse": DENSE,
        "ragged": DENSE,
        "record_history": "every step is written down",
    },
    "Variable": {
        "autocast": "a layer computes in the type of its weights",
        "aggregation": PROCESSES,
        "synchronization": PROCESSES,
        "layout": PROCESSES,
    },
    "models.clone_model": {"call_function": "clone_function replaces layers"},
    "optimizers.schedules.ExponentialDecay": {"name": "that of the class"},
    "optimizers.schedules.InverseTimeDecay": {"name": "that of the class"},
    "saving.save_weights": {"max_shard_size": "weights are written into one file"},
}


def absent(name):
    return any(name == left or name.startswith(f"{left}.") for left in ABSENT)


def found(name):
    item = keratorch
    for part in name.split("."):
        if inspect.ismodule(item) and not hasattr(item, part):
            importlib.import_module(f"{item.__name__}.{part}")
        item = getattr(item, part)
    return item


PRESENT = [name for name in KERAS if not absent(name)]
# Older optimizers take what the present ones take; their arguments have no names.
# A module of TensorFlow has the name `version`, and stands in its place.
WITH_ARGUMENTS = [
    name
    for name in PRESENT
    if KERAS[name] and "*args" not in KERAS[name]
    if name not in ("version", *REFUSED)
]


@pytest.mark.parametrize("name", PRESENT)
def test_name_of_keras_is_there(name):
    assert found(name) is not None


@pytest.mark.parametrize("name", ABSENT)
def test_name_listed_as_absent_is_one_of_keras_and_not_there(name):
    assert name in KERAS
    with pytest.raises((AttributeError, ImportError)):
        found(name)


@pytest.mark.parametrize("name", REFUSED)
def test_name_that_is_refused_says_why(name):
    cls = found(name)
    assert inspect.isclass(cls)
    assert cls.__name__ == name.rpartition(".")[2]
    for make in (cls, cls.from_config):
        with pytest.raises(NotImplementedError, match=f"^{name}: .*[a-z]{{3}}"):
            make({})


def defaults(written):
    """The arguments of a line of the list, with their defaults as written."""
    call = ast.parse(f"f({written}").body[0].value
    given = {node.id: None for node in call.args if isinstance(node, ast.Name)}
    return given | {word.arg: ast.unparse(word.value) for word in call.keywords}


def same(default, keras):
    """Whether two defaults mean the same: 2 is (2, 2) and ((2, 2), (2, 2))."""
    while isinstance(keras, tuple) and len(set(keras)) == 1 and default != keras:
        keras = keras[0]
    return default == keras


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_arguments_are_those_of_keras_in_their_order(name):
    parameters = inspect.signature(found(name)).parameters
    others = OTHER_ARGUMENTS.get(name, {})
    expected = {k: v for k, v in defaults(KERAS[name]).items() if k not in others}
    more = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    assert more or set(expected) <= set(parameters)
    order = [argument for argument in expected if argument in parameters]
    assert [own for own in parameters if own in order] == order
    for argument in order:
        default = parameters[argument].default
        if expected[argument] is None:
            assert default is inspect.Parameter.empty, argument
        else:
            assert same(default, ast.literal_eval(expected[argument])), argument
