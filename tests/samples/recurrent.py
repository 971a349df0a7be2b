"""Samples of the operations in `keratorch.grads.recurrent`."""

import numpy as np

from keratorch.grads.recurrent import GruGrad, LstmGrad, SimpleRnnGrad

from .outputs import packed
from .sample import fortran, normal, strided


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def through_time(step, x, states, mask):
    """The outputs and the last states; `step` returns the new states of one row."""
    batch, time, _ = x.shape
    last = [np.array(state) for state in states]
    outputs = np.zeros((batch, time, states[0].shape[1]))
    for row in range(batch):
        for t in range(time):
            if mask is None or mask[row, t]:
                new = step(x[row, t], *[state[row] for state in last])
                for state, value in zip(last, new, strict=True):
                    state[row] = value
            outputs[row, t] = last[0][row]
    return outputs, *last


def columns(weight, count):
    """The parts of a weight, one for each gate."""
    units = weight.shape[-1] // count
    return [weight[..., i * units : (i + 1) * units] for i in range(count)]


def simple_rnn(x, h, kernel, recurrent_kernel, bias=0.0, mask=None):
    def step(x, h):
        return [np.tanh(x @ kernel + h @ recurrent_kernel + bias)]

    return through_time(step, x, [h], mask)


def lstm(x, h, c, kernel, recurrent_kernel, bias=None, mask=None):
    w, u = columns(kernel, 4), columns(recurrent_kernel, 4)
    b = [0.0] * 4 if bias is None else columns(bias, 4)

    def step(x, h, c):
        i, f, g, o = (x @ w[k] + h @ u[k] + b[k] for k in range(4))
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    return through_time(step, x, [h, c], mask)


def gru(x, h, kernel, recurrent_kernel, bias=None, reset_after=True, mask=None):
    w, u = columns(kernel, 3), columns(recurrent_kernel, 3)
    b, d = [0.0] * 3, [0.0] * 3
    if bias is not None and reset_after:
        b, d = columns(bias[0], 3), columns(bias[1], 3)
    elif bias is not None:
        b = columns(bias, 3)

    def step(x, h):
        z = sigmoid(x @ w[0] + b[0] + h @ u[0] + d[0])
        r = sigmoid(x @ w[1] + b[1] + h @ u[1] + d[1])
        if reset_after:
            g = np.tanh(x @ w[2] + b[2] + r * (h @ u[2] + d[2]))
        else:
            g = np.tanh(x @ w[2] + b[2] + (r * h) @ u[2])
        return [z * h + (1 - z) * g]

    return through_time(step, x, [h], mask)


MASK = np.array([[True, True, False], [False, True, True], [False, False, False]])
SIZES = [  # batch, time, features, units
    (2, 3, 2, 2),
    (1, 1, 1, 1),
    (2, 2, 1, 3),
    (1, 4, 3, 1),
    (0, 2, 2, 1),
]


def arrays(size, gates, states, bias=()):
    """Draw x, the states, both kernels and, unless None, a bias."""
    batch, time, features, units = size
    drawn = [normal(batch, time, features)]
    drawn += [normal(batch, units) for _ in range(states)]
    drawn += [normal(features, gates * units), normal(units, gates * units)]
    if bias is not None:
        drawn.append(normal(*bias, gates * units))
    return drawn


def samples(operation, function, gates, states, bias=(), **params):
    def sample(*inputs, **more):
        return packed(operation, function, *inputs, **params, **more)

    def shared(x):
        """The kernel, the state and the recurrent kernel are one array."""
        kernel = np.concatenate([x] * gates, axis=1)
        return [np.reshape(x, (2, 1, 2)), *[x] * states, kernel, kernel]

    x, *others = arrays((2, 2, 2, 1), gates, states, bias)
    return [
        *[sample(*arrays(size, gates, states, bias)) for size in SIZES],
        sample(*arrays(SIZES[0], gates, states, None)),
        sample(*arrays((3, 3, 1, 2), gates, states, bias), mask=MASK),
        sample(*arrays((3, 3, 2, 1), gates, states, None), mask=MASK),
        sample(strided(x), *[fortran(other) for other in others]),
        sample(normal(2, 2), of=shared),
    ]


SAMPLES = {
    SimpleRnnGrad: samples(SimpleRnnGrad, simple_rnn, 1, 1),
    LstmGrad: samples(LstmGrad, lstm, 4, 2),
    GruGrad: [
        *samples(GruGrad, gru, 3, 1, (2,)),
        *samples(GruGrad, gru, 3, 1, reset_after=False),
    ],
}
