import subprocess
import sys
from pathlib import Path

import pytest

from keratorch import applications

ROOT = Path(__file__).parents[2]


def loaded_after(program):
    program += "\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_network_loads_its_own_file_alone():
    loaded = loaded_after("from keratorch.applications import VGG16")
    assert "keratorch.applications.vgg16" in loaded
    assert "keratorch.applications.resnet" not in loaded
    assert "urllib.request" not in loaded


@pytest.mark.parametrize("name", ["resnet50", "imagenet_utils", "vgg16"])
def test_a_module_is_there_by_its_name(name):
    assert f"keratorch.applications.{name}" in loaded_after(
        f"import keratorch.applications as a; a.{name}.preprocess_input"
    )


def test_an_unknown_network_raises_with_the_near_ones():
    with pytest.raises(AttributeError, match=r"no 'ResNet51'. Did you mean 'ResNet50'"):
        applications.ResNet51  # noqa: B018
    assert {"VGG16", "vgg16", "resnet50"} <= set(dir(applications))
