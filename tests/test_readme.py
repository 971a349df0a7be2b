"""Each Python block of README.md runs, and prints what its comments say."""

import contextlib
import inspect
import io
import re
from pathlib import Path

import pytest

from keratorch.grads import arithmetic

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
SOURCES = re.findall(r"^```py\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def run(block):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


def test_readme_has_its_blocks():
    assert (len(BLOCKS), len(SOURCES)) == (9, 1)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_block_prints_what_its_comments_say(block, tmp_path, monkeypatch):
    import keratorch

    if "model.save" in block:
        pytest.importorskip("h5py")
    monkeypatch.chdir(tmp_path)
    keratorch.utils.set_random_seed(0)
    printed = run(block)
    keratorch.config.set_num_threads(None)
    promised = re.findall(r"^print\(.*?\) +# (.*)$", block, flags=re.MULTILINE)
    if promised:
        assert [line.split() for line in printed.splitlines()] == [
            comment.split() for comment in promised
        ]


def test_both_styles_learn_the_digits():
    import keratorch

    for block in BLOCKS[:2]:
        keratorch.utils.set_random_seed(0)
        accuracy = float(run(block).split()[-1])
        assert accuracy >= 0.95


def test_source_that_the_readme_shows_is_that_of_the_library():
    assert inspect.getsource(arithmetic.MulGrad) in SOURCES


def test_report_that_the_readme_shows_is_the_one_printed():
    (block,) = [block for block in BLOCKS if "check_grad(" in block]
    (report,) = re.findall(
        r"^```text\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE
    )
    assert run(block).replace("README.md", "lesson.py").split() == report.split()
