import numpy as np
import pytest

from keratorch import initializers
from keratorch.initializers import STFT
from keratorch.initializers.windows import make_window


def test_the_kernel_takes_the_fourier_transform_of_a_frame():
    frame = np.random.default_rng(0).normal(size=8)
    real, imaginary = (
        np.einsum("t,tcf->f", frame, STFT(side, window=None)((8, 1, 5), "float64"))
        for side in ("real", "imag")
    )
    np.testing.assert_allclose(real + 1j * imaginary, np.fft.rfft(frame), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "values"),
    # SciPy 1.17: scipy.signal.get_window(name, 5, fftbins=False)
    [
        ("boxcar", [1, 1, 1, 1, 1]),
        ("triang", [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]),
        ("bartlett", [0, 0.5, 1, 0.5, 0]),
        ("hann", [0, 0.5, 1, 0.5, 0]),
        ("hamming", [0.08, 0.54, 1, 0.54, 0.08]),
        ("blackman", [0, 0.34, 1, 0.34, 0]),
        ("blackmanharris", [6e-05, 0.21747, 1, 0.21747, 6e-05]),
        ("nuttall", [0.0003628, 0.2269824, 1, 0.2269824, 0.0003628]),
        (
            "flattop",
            [-0.000421051, -0.05473684, 1.000000003, -0.05473684, -0.000421051],
        ),
        ("barthann", [0, 0.5, 1, 0.5, 0]),
        ("bohman", [0, 0.3183098862, 1, 0.3183098862, 0]),
        ("cosine", [0.3090169944, 0.8090169944, 1, 0.8090169944, 0.3090169944]),
        ("lanczos", [0, 0.6366197724, 1, 0.6366197724, 0]),
        ("parzen", [0.016, 0.424, 1, 0.424, 0.016]),
        ("tukey", [0, 1, 1, 1, 0]),
    ],
)
def test_windows_are_those_of_scipy(name, values):
    np.testing.assert_allclose(make_window(name, 5), values, atol=1e-8)


def test_a_periodic_window_is_one_period_of_a_longer_one():
    for name in ("hann", "triang", "parzen"):
        periodic = make_window(name, 6, periodic=True)
        np.testing.assert_array_equal(periodic, make_window(name, 7)[:6])


def test_one_sample_has_the_weight_1():
    assert make_window("hann", 1) == [1.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"side": "both"}, "side must be 'real' or 'imag'; received 'both'"),
        ({"scaling": "loud"}, "scaling must be 'density', 'spectrum' or None"),
        ({"window": "han ning"}, "unknown window 'han ning'. Did you mean 'hann'"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        STFT(**arguments)


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match=r"received shape \(3, 4\)"):
        STFT()((3, 4))
    with pytest.raises(ValueError, match=r"length 4; received shape \(3,\)"):
        STFT(window=[1.0, 2.0, 3.0])((4, 1, 3))


def test_a_window_given_as_an_array_is_written_as_a_list():
    config = STFT(window=np.array([0.5, 1.0])).get_config()
    assert config["window"] == [0.5, 1.0]
    assert initializers.get("stft").get_config()["window"] == "hann"
