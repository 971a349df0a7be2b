"""Both tables of what modules get beyond names and arguments count."""

import importlib
import types

import pytest

from keratorch.compat import finishing, rooms, wrapped


def test_a_module_in_both_tables_gets_what_both_say(monkeypatch):
    def finish(module):
        module.finished = True

    path = "losses.divergence"
    importlib.import_module(f"keratorch.{path}")
    (name, wrapper), *_ = wrapped.WRAPPED[path].items()
    file, _, function = wrapper.rpartition(".")
    older = importlib.import_module(f"keratorch.compat.{file}")
    monkeypatch.setitem(finishing.FINISHING, path, finish)
    monkeypatch.setattr(older, function, lambda wrapped: ("wrapped", wrapped))
    module = types.ModuleType(f"keratorch.{path}")
    setattr(module, name, "as it is")
    rooms.finish(module)
    assert module.finished
    assert getattr(module, name) == ("wrapped", "as it is")


@pytest.mark.parametrize("path", [*finishing.FINISHING, *wrapped.WRAPPED])
def test_the_tables_name_modules_that_there_are(path):
    importlib.import_module(f"keratorch.{path}")
