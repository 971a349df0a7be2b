"""Samples of the operations in `keratorch.grads.convolution`."""

import numpy as np

from keratorch.grads import convolution
from keratorch.kernels.windows import Windows

from .sample import Sample, fortran, normal, strided


def terms(shape, kernel_shape, windows):
    """Yield every product of a convolution: index into x, into kernel, into out."""
    counts = windows.counts(shape[1:-1])
    groups = shape[-1] // kernel_shape[-2]
    filters = kernel_shape[-1] // groups  # of a group
    for *place, c, f in np.ndindex(*kernel_shape):
        channel = f // filters * kernel_shape[-2] + c
        for i in np.ndindex(*counts):
            inside = [
                n * stride + k * dilation - before
                for n, k, stride, dilation, (before, _) in zip(
                    i,
                    place,
                    windows.strides,
                    windows.dilation,
                    windows.padding,
                    strict=True,
                )
            ]
            if all(0 <= p < n for p, n in zip(inside, shape[1:-1], strict=True)):
                every = slice(None)
                yield (every, *inside, channel), (*place, c, f), (every, *i, f)


def conv(x, kernel, *args):
    """The formula of `ConvGrad`, one product after the other."""
    windows = Windows.of(x.shape[1:-1], kernel.shape[:-2], *args)
    out = np.zeros((len(x), *windows.counts(x.shape[1:-1]), kernel.shape[-1]))
    for i, j, k in terms(x.shape, kernel.shape, windows):
        out[k] += x[i] * kernel[j]
    return out


def conv_input(y, kernel, windows, shape):
    out = np.zeros(shape)
    for i, j, k in terms(shape, kernel.shape, windows):
        out[i] += y[k] * kernel[j]
    return out


def conv_kernel(x, y, windows, shape):
    out = np.zeros(shape)
    for i, j, k in terms(x.shape, shape, windows):
        out[j] += (x[i] * y[k]).sum()
    return out


CASES = [
    # shape of x, shape of kernel, strides, padding, dilation_rate
    ((2, 5, 2), (2, 2, 3), 1, "valid", 1),
    ((2, 6, 1), (3, 1, 2), 2, "same", 1),
    ((1, 6, 2), (2, 2, 1), 1, "causal", 2),
    ((1, 5, 2), (3, 2, 2), 2, [(2, 1)], 1),
    ((1, 6, 1), (2, 1, 2), 1, [(-1, -2)], 1),
    ((1, 4, 3, 1), (2, 2, 1, 2), 1, "same", 1),
    ((2, 3, 4, 2), (2, 3, 2, 1), (1, 2), 1, 1),
    ((1, 4, 4, 1), (2, 2, 1, 1), 1, (0, 1), (2, 3)),
    ((2, 2, 3, 2), (1, 1, 2, 3), 1, "valid", 1),
    ((1, 3, 2, 4), (2, 2, 2, 4), 1, "same", 1),  # 2 groups
    ((2, 3, 3, 2), (2, 2, 1, 2), 2, "same", 1),  # depthwise
    ((1, 4, 2), (2, 1, 4), 1, "valid", 2),  # depthwise, 2 filters a channel
    ((1, 2, 3, 2, 1), (2, 2, 1, 1, 2), 1, "same", 1),
    ((0, 4, 2), (3, 2, 2), 1, "valid", 1),
]


def of_conv():
    samples = [
        Sample(
            lambda x, kernel, args=args: convolution.ConvGrad.apply(x, kernel, *args),
            normal(*shape),
            normal(*kernel_shape),
            reference=lambda x, kernel, args=args: conv(x, kernel, *args),
        )
        for shape, kernel_shape, *args in CASES
    ]
    apply = convolution.ConvGrad.apply
    views = strided(normal(1, 4, 2)), fortran(normal(2, 2, 2))
    samples.append(Sample(apply, *views, reference=conv))
    samples.append(
        Sample(
            lambda x: apply(x, x[:, :, :1]),
            normal(2, 2, 2),
            reference=lambda x: conv(x, x[:, :, :1]),
        )
    )
    return samples


def of_input():
    apply = convolution.ConvInputGrad.apply
    samples = []
    for shape, kernel_shape, *args in CASES:
        windows = Windows.of(shape[1:-1], kernel_shape[:-2], *args)
        counts = windows.counts(shape[1:-1])
        samples.append(
            Sample(
                lambda y, kernel, a=(windows, shape): apply(y, kernel, *a),
                normal(shape[0], *counts, kernel_shape[-1]),
                normal(*kernel_shape),
                reference=lambda y, kernel, a=(windows, shape): conv_input(
                    y, kernel, *a
                ),
            )
        )
    return samples


def of_kernel():
    apply = convolution.ConvKernelGrad.apply
    samples = []
    for shape, kernel_shape, *args in CASES:
        windows = Windows.of(shape[1:-1], kernel_shape[:-2], *args)
        counts = windows.counts(shape[1:-1])
        samples.append(
            Sample(
                lambda x, y, a=(windows, kernel_shape): apply(x, y, *a),
                normal(*shape),
                normal(shape[0], *counts, kernel_shape[-1]),
                reference=lambda x, y, a=(windows, kernel_shape): conv_kernel(x, y, *a),
            )
        )
    return samples


def activated(out, bias, activation):
    out = out if bias is None else out + bias
    return np.maximum(out, 0) if activation == "relu" else out


def of_fused_conv():
    samples = []
    for i, (shape, kernel_shape, *args) in enumerate(CASES):
        activation = "relu" if i % 3 else None
        bias = () if i % 4 == 1 else (normal(kernel_shape[-1]),)
        names = dict(zip(("strides", "padding", "dilation_rate"), args, strict=True))
        samples.append(
            Sample(
                lambda x, kernel, bias=None, a=activation, names=names: (
                    convolution.ConvActivationGrad.apply(x, kernel, bias, a, **names)
                ),
                normal(*shape),
                normal(*kernel_shape),
                *bias,
                reference=lambda x, kernel, bias=None, a=activation, args=args: (
                    activated(conv(x, kernel, *args), bias, a)
                ),
            )
        )
    return samples


def of_fused_transposed():
    samples = []
    for i, (shape, kernel_shape, *args) in enumerate(CASES):
        activation = "relu" if i % 3 else None
        bias = () if i % 4 == 1 else (normal(shape[-1]),)
        windows = Windows.of(shape[1:-1], kernel_shape[:-2], *args)
        counts = windows.counts(shape[1:-1])
        last = (windows, shape)
        samples.append(
            Sample(
                lambda y, kernel, bias=None, a=activation, last=last: (
                    convolution.ConvTransposeActivationGrad.apply(
                        y, kernel, bias, a, *last
                    )
                ),
                normal(shape[0], *counts, kernel_shape[-1]),
                normal(*kernel_shape),
                *bias,
                reference=lambda y, kernel, bias=None, a=activation, last=last: (
                    activated(conv_input(y, kernel, *last), bias, a)
                ),
            )
        )
    return samples


SAMPLES = {
    convolution.ConvActivationGrad: of_fused_conv(),
    convolution.ConvTransposeActivationGrad: of_fused_transposed(),
    convolution.ConvGrad: of_conv(),
    convolution.ConvInputGrad: of_input(),
    convolution.ConvKernelGrad: of_kernel(),
}
