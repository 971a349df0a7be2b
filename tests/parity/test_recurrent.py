"""Recurrent networks beside the layers of Keras and of PyTorch."""

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

BATCH, TIME, FEATURES, UNITS = 3, 6, 4, 5
MASKS = {
    "all": None,
    "padded": np.arange(TIME) < np.array([[6], [4], [1]]),
    "gaps": np.random.default_rng(3).random((BATCH, TIME)) < 0.5,
}
LAYERS = {  # name: function, layer, arguments of both
    "simple_rnn": (kt.ops.simple_rnn, "SimpleRNN", {}),
    "lstm": (kt.ops.lstm, "LSTM", {}),
    "gru": (kt.ops.gru, "GRU", {}),
    "gru, reset before": (kt.ops.gru, "GRU", {"reset_after": False}),
}


@pytest.mark.parametrize("use_bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("go_backwards", [False, True], ids=["forth", "back"])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("name", LAYERS)
def test_outputs_states_and_gradients_are_those_of_keras(
    name, mask, go_backwards, use_bias
):
    function, layer_name, arguments = LAYERS[name]
    rng, mask = np.random.default_rng(0), MASKS[mask]
    for zeros in [False] if mask is None else [False, True]:
        layer = getattr(keras.layers, layer_name)(
            UNITS,
            return_sequences=True,
            return_state=True,
            go_backwards=go_backwards,
            use_bias=use_bias,
            zero_output_for_mask=zeros,
            **arguments,
        )
        x = rng.normal(size=(BATCH, TIME, FEATURES)).astype(np.float32)
        layer.build(x.shape)
        layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
        tensor = torch.tensor(x, requires_grad=True)
        theirs = layer(tensor, mask=None if mask is None else torch.tensor(mask))

        leaves = [kt.GradArray(array) for array in (x, *layer.get_weights())]
        states = [None] * (len(theirs) - 1)
        last, outputs, states = function(
            leaves[0],
            *states,
            *leaves[1:],
            mask=mask,
            go_backwards=go_backwards,
            zero_output_for_mask=zeros,
            **arguments,
        )
        ours = [outputs, *states]
        assert_close(last.numpy(), theirs[0][:, -1], 1e-5)
        upstreams = [rng.normal(size=x.shape).astype(np.float32) for x in ours]
        for one, other in zip(ours, theirs, strict=True):
            assert_close(one.numpy(), other, 1e-5)
        loss = weighted(theirs, upstreams)
        parameters = [tensor, *(w.value for w in layer.weights)]
        expected = torch.autograd.grad(loss, parameters)
        found = kt.gradients(ours, leaves, upstreams)
        for one, other in zip(found, expected, strict=True):
            assert_close(one, other, 1e-4)


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru"])
def test_gradients_are_those_of_pytorch_in_float64(name):
    rng = np.random.default_rng(0)
    gates = {"simple_rnn": 1, "lstm": 4, "gru": 3}[name]
    layer = {"simple_rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    layer = layer[name](FEATURES, UNITS, batch_first=True, dtype=torch.float64)
    order = np.arange(gates * UNITS).reshape(gates, UNITS)
    if name == "gru":
        order = order[[1, 0, 2]]  # PyTorch's first gate is r
    order = order.ravel()
    weights = [p.detach().numpy() for p in layer.parameters()]
    kernel, recurrent_kernel = (w[order].T for w in weights[:2])
    bias = np.stack([w[order] for w in weights[2:]])
    bias = bias if name == "gru" else bias.sum(axis=0)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    states = list(rng.normal(size=(2 if name == "lstm" else 1, BATCH, UNITS)))

    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *states)]
    firsts = [tensor[None] for tensor in tensors[1:]]
    outputs, lasts = layer(tensors[0], tuple(firsts) if name == "lstm" else firsts[0])
    theirs = [outputs, *(h[0] for h in (lasts if name == "lstm" else [lasts]))]

    arrays = (x, *states, kernel, recurrent_kernel, bias)
    leaves = [kt.GradArray(array) for array in arrays]
    _, outputs, lasts = LAYERS[name][0](*leaves)
    ours = [outputs, *lasts]
    for one, other in zip(ours, theirs, strict=True):
        assert_close(one.numpy(), other, 1e-12)

    upstreams = [rng.normal(size=x.shape) for x in ours]
    loss = weighted(theirs, upstreams)
    parameters = [*tensors, *layer.parameters()]
    *expected, by_kernel, by_recurrent, by_bias, by_other = (
        g.numpy() for g in torch.autograd.grad(loss, parameters)
    )
    by_bias = np.stack([by_bias, by_other])[:, order] if name == "gru" else by_bias
    expected += [by_kernel[order].T, by_recurrent[order].T, by_bias]
    found = kt.gradients(ours, leaves, upstreams)
    for one, other in zip(found, expected, strict=True):
        assert_close(one, other, 1e-10)


def weighted(results, upstreams):
    pairs = zip(results, upstreams, strict=True)
    return sum(torch.sum(x * torch.tensor(upstream)) for x, upstream in pairs)


def assert_close(found, expected, tolerance):
    if isinstance(expected, torch.Tensor):
        expected = expected.detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
