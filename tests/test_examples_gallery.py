"""The example models learn what their pages promise, in their quick form."""

import importlib.util
import re

import pytest

from .example_runs import (
    EXAMPLES,
    accuracy_in,
    is_picture,
    needs_matplotlib,
    run,
    run_example,
)

needs_h5py = pytest.mark.skipif(
    importlib.util.find_spec("h5py") is None,
    reason="without h5py, saving warns that Keras cannot read the file",
)
has_keras = importlib.util.find_spec("keras") is not None


def number(pattern, output):
    """Return the last number that stands behind a text."""
    return float(re.findall(rf"{pattern}:? +(-?\d+\.\d+)", output)[-1])


def test_mnist_convnet_learns_and_shows_its_worst_mistakes(tmp_path):
    output = run_example("mnist_convnet.py", tmp_path, "--quick")
    assert accuracy_in(output) >= 0.93
    assert len(re.findall(r"^image \d+: a \d, read as \d", output, re.MULTILINE)) == 5


@needs_matplotlib
def test_autoencoder_beats_pca_with_as_many_numbers(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example("autoencoder.py", tmp_path, "--quick", "--output", picture)
    by_network = number("of a pixel, autoencoder", output)
    assert by_network < 0.7 * number("of a pixel, PCA", output)
    assert is_picture(picture)


@needs_matplotlib
def test_vae_learns_a_map(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example("vae.py", tmp_path, "--quick", "--output", picture)
    # One place for all pictures would give 28.5, and a divergence of 0.
    assert number("test loss", output) < 26
    assert number("test kl_loss", output) > 1.5
    assert is_picture(picture)


@needs_matplotlib
def test_gan_keeps_both_players_in_the_game(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example("gan.py", tmp_path, "--quick", "--output", picture)
    assert 0.2 < number("d_loss", output) < 0.7
    assert 0.6 < number("g_loss", output) < 4
    assert is_picture(picture)


def test_siamese_compares_digits_that_it_has_not_seen(tmp_path):
    output = run_example("siamese.py", tmp_path, "--quick")
    assert number("pairs of known digits", output) >= 0.94
    assert number("pairs of new digits", output) >= 0.6


def test_functional_multi_io_calculates_and_has_learned_to_read(tmp_path):
    picture = tmp_path / "model.svg"
    output = run_example(
        "functional_multi_io.py", tmp_path, "--quick", "--output", picture
    )
    assert "<svg" in picture.read_text(encoding="utf-8")
    assert number("test accuracy of result", output) >= 0.85
    assert number("test accuracy of left_is_larger", output) >= 0.94
    assert number("digits read, though never named", output) >= 0.93


@needs_matplotlib
def test_custom_layer_learns_prototypes(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example("custom_layer.py", tmp_path, "--quick", "--output", picture)
    assert accuracy_in(output) >= 0.94
    assert "made again from its configuration: 100 units" in output
    assert is_picture(picture)


def test_custom_train_step_makes_a_network_harder_to_deceive(tmp_path):
    output = run_example("custom_train_step.py", tmp_path, "--quick")
    rows = re.findall(r"^(\w+) +(\d\.\d+) +(\d\.\d+)$", output, re.MULTILINE)
    accuracy = {name: (float(plain), float(hard)) for name, plain, hard in rows}
    assert min(plain for plain, _ in accuracy.values()) >= 0.95
    assert accuracy["Robust"][1] >= accuracy["Sequential"][1] + 0.2


@needs_h5py
def test_save_and_resume_ends_where_an_unbroken_training_ends(tmp_path):
    output = run_example("save_and_resume.py", tmp_path, "--quick")
    assert "resumed weights equal those without a break: True" in output
    last = number("test accuracy of the last model", output)
    assert number("test accuracy of the best model", output) >= last >= 0.9


@pytest.mark.skipif(has_keras, reason="Keras is there")
def test_keras_interop_ends_well_without_keras(tmp_path):
    output = run_example("keras_interop.py", tmp_path, "--quick")
    assert "pip install keras" in output


@needs_h5py
@pytest.mark.skipif(not has_keras, reason="needs Keras")
def test_keras_interop_predicts_the_same_on_both_sides(tmp_path):
    # Keras itself may warn: of NumPy's deprecations, for one.
    script = EXAMPLES / "keras_interop.py"
    output = run(["-W", "default", script, "--quick"], tmp_path)
    difference = re.search(r"difference of two probabilities: (\S+)", output)[1]
    assert float(difference) < 1e-5
    assert "900 steps" in output


@needs_matplotlib
@pytest.mark.parametrize("script", ["autoencoder", "vae", "gan", "custom_layer"])
def test_examples_say_what_to_install_where_matplotlib_is_absent(script, tmp_path):
    program = (
        "import runpy, sys\n"
        "sys.modules['matplotlib'] = None\n"
        f"runpy.run_path({str(EXAMPLES / script) + '.py'!r}, run_name='__main__')"
    )
    message = run(["-c", program], tmp_path, code=1)
    assert message.count("\n") == 1
    assert 'pip install "keratorch[plot]"' in message


@pytest.mark.parametrize(
    "script",
    [
        *("autoencoder.py", "custom_layer.py", "decision_boundaries.py"),
        *("functional_multi_io.py", "gan.py", "time_series.py"),
        *("transformer_classifier.py", "vae.py"),
    ],
)
def test_examples_refuse_a_folder_as_the_file_of_their_picture(script, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    said = run([EXAMPLES / script, "--quick", "--output", folder], tmp_path, code=2)
    assert "--output must be a file; received the folder" in said
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]
