"""Rooms load what they hold when it is first asked for, and hide nothing by that."""

import ast
import importlib
import inspect
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from keratorch import lazy

ROOT = Path(__file__).parents[1]
ROOMS = [
    "callbacks",
    "layers",
    "layers.preprocessing",
    "layers.recurrent",
    "losses",
    "metrics",
    "optimizers",
    "saving",
]
each_room = pytest.mark.parametrize("room", ROOMS)


def modules_loaded_by(program):
    command = [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def imports_for_type_checkers(room):
    """The names that a room imports for type checkers alone, and the files of them."""
    source = (ROOT / "keratorch" / room.replace(".", "/") / "__init__.py").read_text()
    block = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    return {
        alias.name: node.module
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@each_room
def test_every_public_name_of_a_room_is_there(room):
    module = importlib.import_module(f"keratorch.{room}")
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # older spellings are among them
        exec(f"from keratorch.{room} import *", names)
    assert set(module.__all__) <= names.keys()
    assert set(module.__all__) <= set(dir(module))


@each_room
def test_any_room_may_be_the_first_that_a_program_uses(room):
    module = importlib.import_module(f"keratorch.{room}")
    names = [name for name in module.__all__ if name[0].isupper()]
    program = f"import keratorch\nfor name in {names}: getattr(keratorch.{room}, name)"
    assert f"keratorch.{room}" in modules_loaded_by(program)


@each_room
def test_type_checkers_see_the_same_objects(room):
    module = importlib.import_module(f"keratorch.{room}")
    for name, file in imports_for_type_checkers(room).items():
        here, there = (
            getattr(module, name),
            getattr(importlib.import_module(file), name),
        )
        assert inspect.unwrap(here) is inspect.unwrap(there)
        assert name in module.__all__


@each_room
def test_no_file_of_a_room_has_the_name_of_what_it_holds(room):
    # Else importing the file would hide the object.
    module = importlib.import_module(f"keratorch.{room}")
    files = {path.stem for path in Path(module.__file__).parent.iterdir()}
    held = {name for names in module._FILES.values() for name in names.split()}
    assert files & held == set()


def test_unknown_name_is_answered_with_near_ones():
    from keratorch import layers

    with pytest.raises(AttributeError, match=r"layers.*'Dens'.*Did you mean 'Dense'"):
        _ = layers.Dens


def test_a_network_that_is_trained_loads_nothing_that_others_need():
    loaded = modules_loaded_by(
        "import numpy as np, keratorch as keras\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
        "model.compile('adam', 'mse', metrics=['mae'])\n"
        "model.fit(np.ones((8, 4)), np.ones((8, 3)), verbose=0)"
    )
    needless = {
        "http.client",
        "keratorch.callbacks.remote_monitor",
        "keratorch.compat.layers.older_layers",
        "keratorch.inspect",
        "keratorch.layers.convolution",
        "keratorch.layers.preprocessing",
        "keratorch.optimizers.sgd",
        "keratorch.saving.api",
        "ssl",
        "urllib.request",
    }
    assert loaded & needless == set()


def test_older_arguments_are_known_to_a_layer_that_is_loaded_later():
    modules_loaded_by(
        "import warnings; warnings.simplefilter('ignore')\n"
        "from keratorch.layers.recurrent import LSTM\n"
        "assert LSTM(output_dim=3).units == 3\n"
        "from keratorch.layers import Convolution2D\n"
        "assert Convolution2D(8, 3, 2).kernel_size == (3, 2)"
    )


def test_table_loads_an_object_when_it_is_looked_up():
    table = lazy.Table("keratorch.losses", {"mse": "mean_squared_error"})
    table["own"] = max
    assert list(table) == ["mse", "own"]
    assert "mse" in table
    assert len(table) == 2
    assert table["mse"].__name__ == "mean_squared_error"
    del table["mse"]
    with pytest.raises(KeyError):
        table["mse"]


def test_table_takes_modules_that_are_loaded_later():
    table = lazy.Table("keratorch.losses", {})
    table["Dice"] = lazy.Postponed("keratorch.losses.overlap")
    assert [*table] == ["Dice"] and table["Dice"].__name__ == "Dice"
