import subprocess
import sys
from pathlib import Path

import pytest

import keratorch.datasets as datasets

ROOT = Path(datasets.__file__).parents[2]


def test_importing_datasets_loads_nothing_of_a_download():
    program = (
        "import sys, numpy, keratorch.datasets\n"
        "def heavy(): return {'urllib.request', 'ssl', 'zipfile'} & set(sys.modules)\n"
        "assert not heavy(), heavy()\n"
        "keratorch.datasets.iris.load_data()\n"
        "assert not heavy(), heavy()\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_each_set_is_reached_by_its_name():
    for name in datasets.__all__:
        assert callable(getattr(datasets, name).load_data)
        assert name in dir(datasets)


def test_unknown_set_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'mnits'"):
        datasets.mnits  # noqa: B018
