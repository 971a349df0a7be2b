"""Scripts of Keras 0 and 1 import Theano beside it, often for nothing."""

import importlib.util
import sys

import pytest

import keratorch as keras
from keratorch import compat

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("theano") is not None, reason="Theano is installed"
)


def test_a_script_imports_theano_and_sets_it(installed):
    import theano

    assert theano.config.floatX == keras.config.floatx()
    theano.config.floatX = "float64"
    theano.config.optimizer = "fast_compile"
    assert theano.config.floatX == "float64" and theano.__version__


def test_what_computes_is_refused_by_name(installed):
    import theano.tensor as tt
    from theano import function

    with pytest.raises(NotImplementedError, match=r"theano\.tensor\.matrix: Theano is"):
        tt.matrix()
    with pytest.raises(NotImplementedError, match=r"theano\.function: Theano is not"):
        function([], [])


def test_it_is_there_in_scripts_only(installed):
    import theano  # noqa: F401

    compat.uninstall()
    assert "theano" not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("theano")


def test_a_theano_that_is_installed_is_not_replaced(installed, tmp_path, monkeypatch):
    (tmp_path / "theano.py").write_text("mine = True")
    monkeypatch.syspath_prepend(tmp_path)
    theano = importlib.import_module("theano")
    assert theano.mine
    compat.uninstall()
    assert sys.modules.pop("theano") is theano
