"""Samples of the operations in `keratorch.grads.fourier`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keratorch.grads import fourier

from .sample import Sample, complex_normal, fortran, normal, strided

NUMPY_2 = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # its FFT knows complex64


def transforms(function, *kinds):
    """Samples of a transform along one axis, of real or of complex arrays."""

    def like(draw):
        x = draw(st.sampled_from(kinds))(*draw(hnp.array_shapes(max_dims=3)))
        given = {
            "n": draw(st.integers(1, 7)),
            "axis": draw(st.integers(-x.ndim, x.ndim - 1)),
            "norm": draw(st.sampled_from([None, "ortho", "forward", "backward"])),
        }
        return Sample(lambda x: function(x, **given), x)

    samples = []
    for values in kinds:
        samples += [
            Sample(function, values(4), keeps_dtype=NUMPY_2, like=like),
            Sample(function, values(5), keeps_dtype=NUMPY_2),
            Sample(function, values(2, 3), keeps_dtype=NUMPY_2),
            Sample(
                function, strided(normal(2, 4)) + 0 * values(1), keeps_dtype=NUMPY_2
            ),
            Sample(function, values(0, 3), keeps_dtype=NUMPY_2),
            Sample(function, fortran(values(2, 3)), keeps_dtype=NUMPY_2),
        ]
        arguments = [{"n": n} for n in (1, 2, 3, 4, 6, 7)]
        arguments += [{"norm": norm} for norm in ("ortho", "forward", "backward")]
        arguments += [{"axis": 0}, {"axis": -2, "n": 5}, {"axis": 1, "n": 2}]
        arguments += [{"axis": 0, "n": 5, "norm": "ortho"}]
        arguments += [{"n": 4, "norm": "forward"}]
        for given in arguments:
            samples.append(
                Sample(
                    lambda x, given=given: function(x, **given),
                    values(4, 2) if "axis" in given else values(4),
                    keeps_dtype=NUMPY_2,
                )
            )
    return samples


def half_spectra(function):
    """Samples of a transform whose results are real."""
    return [
        *transforms(function, complex_normal),
        Sample(function, normal(3), keeps_dtype=NUMPY_2),
        Sample(lambda x: function(x, 5), normal(2, 4), keeps_dtype=NUMPY_2),
        Sample(lambda x: function(x, 1), complex_normal(1), keeps_dtype=NUMPY_2),
    ]


def transforms_in_two(function, *kinds):
    """Samples of a transform along the last two axes."""
    samples = []
    for values in kinds:
        samples += [
            Sample(function, values(3, 4), keeps_dtype=NUMPY_2),
            Sample(function, values(2, 3, 2), keeps_dtype=NUMPY_2),
        ]
        for given in [
            {"s": (2, 5), "axes": (0, 1)},
            {"s": (4, 2), "axes": (1, 0)},
            {"axes": (0, -2)},
            {"axes": (-1, 0), "norm": "ortho"},
            {"s": (3, 3), "axes": (-2, -1), "norm": "forward"},
            {"norm": "backward"},
        ]:
            samples.append(
                Sample(
                    lambda x, given=given: function(x, **given),
                    values(2, 2, 3) if given.get("axes") == (0, -2) else values(2, 3),
                    keeps_dtype=NUMPY_2,
                )
            )
        if NUMPY_2:
            samples.append(Sample(lambda x: function(x, (-1, 4), (0, 1)), values(2, 3)))
    return samples


def transforms_in_many(function, *kinds):
    """Samples of a transform along any axes."""
    samples = transforms_in_two(function, *kinds)
    for values in kinds:
        samples += [
            Sample(function, values(2, 2, 3), keeps_dtype=NUMPY_2),
            Sample(function, values(4), keeps_dtype=NUMPY_2),
            Sample(lambda x: function(x, axes=[1]), values(2, 3), keeps_dtype=NUMPY_2),
            Sample(
                lambda x: function(x, (2, 3, 2), (2, 0, 1)),
                values(2, 3, 1),
                keeps_dtype=NUMPY_2,
            ),
        ]
    return samples


def shifts(function):
    """Samples of fftshift or its inverse."""
    return [
        Sample(function, normal(5)),
        Sample(function, normal(2, 3)),
        Sample(function, complex_normal(4)),
        Sample(lambda x: function(x, axes=1), normal(2, 3)),
        Sample(lambda x: function(x, (0, -1)), normal(3, 2, 3)),
    ]


SAMPLES = {
    fourier.FftGrad: transforms(np.fft.fft, normal, complex_normal),
    fourier.IfftGrad: transforms(np.fft.ifft, normal, complex_normal),
    fourier.RfftGrad: transforms(np.fft.rfft, normal),
    fourier.IhfftGrad: transforms(np.fft.ihfft, normal),
    fourier.IrfftGrad: half_spectra(np.fft.irfft),
    fourier.HfftGrad: half_spectra(np.fft.hfft),
}

COMPOSED = {
    np.fft.fft2: transforms_in_two(np.fft.fft2, normal, complex_normal),
    np.fft.ifft2: transforms_in_two(np.fft.ifft2, complex_normal),
    np.fft.rfft2: transforms_in_two(np.fft.rfft2, normal),
    np.fft.irfft2: transforms_in_two(np.fft.irfft2, complex_normal),
    np.fft.fftn: transforms_in_many(np.fft.fftn, normal, complex_normal),
    np.fft.ifftn: transforms_in_many(np.fft.ifftn, complex_normal),
    np.fft.rfftn: transforms_in_many(np.fft.rfftn, normal),
    np.fft.irfftn: transforms_in_many(np.fft.irfftn, complex_normal),
    np.fft.fftshift: shifts(np.fft.fftshift),
    np.fft.ifftshift: shifts(np.fft.ifftshift),
}
