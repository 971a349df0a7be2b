"""Scripts in the styles of Keras 1, 2 and 3 and tf.keras run unchanged.

They end with checks of their own. Each runs as by ``python -m keratorch run``, one
after the other in this process; what they would download is generated.
"""

import sys
import warnings
from pathlib import Path

import pytest

from keratorch import compat, config, dtype_policies
from keratorch.__main__ import main
from keratorch.compat.models import older_names
from keratorch.custom_objects import get_custom_objects
from keratorch.utils import set_random_seed

from .names_used import Used, missing_names
from .scripts import stand_ins

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = sorted(
    path.name for path in FOLDER.glob("*_*.py") if path.stem != "stand_ins"
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty folder, Keras's names, fixed seeds, and everything put back later."""
    try:
        compat.install()
    except RuntimeError:
        pytest.skip("the real Keras is loaded in this process")
    stand_ins.stand_in(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", list(sys.path))
    set_random_seed(1)
    others = dict(get_custom_objects())
    yield tmp_path
    config.set_floatx("float32")
    config.set_image_data_format("channels_last")
    config.set_epsilon(1e-7)
    dtype_policies.set_dtype_policy("float32")
    get_custom_objects().clear()
    get_custom_objects().update(others)
    compat.uninstall()
    older_names.forget()


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_runs_as_by_keratorch_run(script, desk):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        assert main(["run", str(FOLDER / script)]) == 0


def test_scripts_use_each_name_of_the_tiers():
    used = Used()
    for script in SCRIPTS:
        used.read((FOLDER / script).read_text(encoding="utf-8"))
    text = (FOLDER.parent / "data" / "tier_names.txt").read_text(encoding="utf-8")
    assert missing_names(text, used) == []


def test_a_name_that_no_script_uses_is_found():
    used = Used()
    used.read("from keras.layers.core import Dense\nDense(3, init='one')")
    text = "[names keras.layers] a\nDense LSTM\n[arguments] b\ninit lr\nDense: init p"
    assert missing_names(text, used) == ["a:  LSTM", "b:  lr", "b: Dense p"]
