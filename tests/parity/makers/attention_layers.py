"""Attention, EinsumDense and other layers with given weights, and merging with masks.

A case calls its layer on arrays of the given shapes, as a list where it says
``listed``; an input may be an earlier one, by its number. Inputs, weights and the
gradients of outputs are waves of the numbers 0, 10 and 50 on.
"""

import keras
import numpy as np
import torch

from .plain import config

Q, V, K = (2, 2, 3), (2, 3, 2), (2, 3, 1)
L = (2, 3, 3)
QM, VM = [[1, 0], [1, 1]], [[1, 1, 0], [0, 1, 1]]
BLIND = [[1, 1], [0, 0]]
SCORES = {"return_attention_scores": True}
CAUSAL = {"use_causal_mask": True}


def case(name, inputs, masks=(), call=None, listed=False, **arguments):
    return {
        "layer": name,
        "arguments": arguments,
        "inputs": list(inputs),
        "masks": [*masks, *[None] * (len(inputs) - len(masks))],
        "call": call or {},
        "listed": listed,
    }


def heads(*inputs, **more):
    return case("MultiHeadAttention", inputs, num_heads=2, key_dim=2, **more)


def groups(*inputs, **more):
    return case(
        "GroupQueryAttention",
        inputs,
        head_dim=1,
        num_query_heads=4,
        num_key_value_heads=2,
        **more,
    )


def pair(name, *inputs, **more):
    return case(name, inputs, listed=True, **more)


SQUARE = {"attention_mask": [[[1, 0, 1], [0, 1, 1]]]}
CASES = [
    heads(Q, 0),
    heads(Q, V),
    heads(Q, V, K),
    heads(Q, V, K, value_dim=1, output_shape=2, use_bias=False),
    heads(Q, V, output_shape=(2, 1), use_gate=True, value_dim=3),
    heads(Q, V, call=SCORES),
    heads(Q, V, call={**SCORES, **CAUSAL}),
    heads(Q, 0, call=CAUSAL),
    heads(Q, V, call={**SQUARE, **CAUSAL}),
    heads(Q, V, sliding_window=2, call=SCORES),
    heads(Q, 0, sliding_window=1, call=CAUSAL),
    heads(Q, 0, masks=[QM, QM]),
    heads(Q, 0, masks=[QM, QM], call=SCORES),
    heads(Q, V, masks=[QM, VM], call=SQUARE),
    heads(Q, V, K, masks=[None, VM, None]),
    heads(
        Q, V, K, masks=[QM, [[1, 1, 0], [1, 0, 1]], [[1, 0, 1], [1, 1, 1]]], call=CAUSAL
    ),
    heads(Q, 0, masks=[BLIND, BLIND]),
    heads(Q, 0, masks=[BLIND, BLIND], call=SCORES),
    heads(Q, 0, masks=[QM, QM], dropout=0.3, seed=3),
    heads((1, 2, 3, 2), (1, 2, 2, 1), attention_axes=2, call=SCORES),
    heads((1, 2, 3, 2), (1, 3, 2, 1)),
    heads((1, 2, 3, 2), (1, 3, 2, 1), attention_axes=(1, 2), call=SCORES),
    heads((1, 3, 2, 2), 0, attention_axes=1, use_gate=True),
    heads(
        Q,
        0,
        kernel_regularizer="l2",
        bias_regularizer="l1",
        activity_regularizer="l1",
        kernel_constraint="non_neg",
    ),
    groups(Q, 0),
    groups(Q, V, K, call=SCORES),
    groups(Q, V, use_gate=True, call=CAUSAL),
    groups(Q, V, masks=[QM, VM], sliding_window=2),
    groups(Q, 0, use_bias=False, kernel_regularizer="l2"),
    pair("Attention", Q, L),
    pair("Attention", Q, V, L, use_scale=True, call=SCORES),
    pair("Attention", Q, L, masks=[QM, VM]),
    pair("Attention", Q, L, masks=[QM, VM], call={**CAUSAL, **SCORES}),
    pair("Attention", Q, 0, masks=[BLIND, BLIND], call=SCORES),
    pair("Attention", Q, L, masks=[QM], call=CAUSAL, score_mode="concat"),
    pair("Attention", Q, L, score_mode="concat", use_scale=True),
    pair("AdditiveAttention", Q, L),
    pair("AdditiveAttention", Q, V, L, masks=[QM, VM], call=SCORES),
    pair("AdditiveAttention", Q, L, use_scale=False, call=CAUSAL),
]


def einsum(shape, equation, output_shape, **more):
    return case(
        "EinsumDense", [shape], equation=equation, output_shape=output_shape, **more
    )


CASES += [
    einsum((2, 3), "ab,bc->ac", 4, bias_axes="c", activation="relu"),
    einsum((2, 3, 4), "abc,cd->abd", (3, 5), bias_axes="bd"),
    einsum((2, 3, 4), "abc,cde->abde", (None, 2, 3), bias_axes="d"),
    einsum((2, 3, 2, 4), "abcd,cde->abe", (None, 5), bias_axes="e"),
    einsum((2, 3, 4), "abc,bcd->ad", 3, kernel_initializer="ones"),
    einsum((2, 3, 4), "abc,bd->adc", (5, None), bias_axes="d"),
    einsum((2, 3, 4), "abc,bcd->abd", (3, 2)),
    einsum((2, 3, 4), "...x,xy->...y", 5, bias_axes="y"),
    einsum((2, 3, 4, 2), "...xy,yxz->...z", 5, bias_axes="z"),
    einsum((2, 3, 4, 2), "ab...,bc->ac...", 5, bias_axes="c"),
    einsum(
        (2, 3), "ab,cb->ac", 2, kernel_regularizer="l2", activity_regularizer="l2",
        bias_axes="c", bias_constraint="non_neg",
    ),
    case("SpectralNormalization", [(2, 3)], call={"training": True},
         layer={"class": "Dense", "arguments": {"units": 2}}),
    case("SpectralNormalization", [(2, 3)], power_iterations=3,
         layer={"class": "Dense", "arguments": {"units": 2}}),
    case("SpectralNormalization", [(1, 3, 3, 2)], call={"training": True},
         power_iterations=2,
         layer={"class": "Conv2D", "arguments": {"filters": 2, "kernel_size": 2}}),
    case("ReversibleEmbedding", [(1, 2, 3)], call={"reverse": True},
         input_dim=4, output_dim=3, logit_soft_cap=1.5),
    case("ReversibleEmbedding", [(1, 2, 3)], call={"reverse": True},
         input_dim=4, output_dim=3, tie_weights=False),
]  # fmt: skip

X, Y, ROW = (2, 2, 1), (2, 2, 2), (2, 2)
M1, M2 = [[1, 0], [1, 0]], [[0, 0], [1, 1]]
MERGING = [
    pair(name, X, X, *[X] * (len(masks) - 2), masks=masks)
    for name in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]
    for masks in ([], [M1], [M1, M2], [None, M2, M1], [M1, M2, M2])
    if name != "Subtract" or len(masks) < 3
] + [
    pair("Add", Y, ROW),
    pair("Maximum", (2, 1, 2, 2), X),
    pair("Multiply", Y, (2, 1, 2)),
    *[
        pair("Concatenate", X, Y if axis in (2, -1) else X, masks=masks, axis=axis)
        for axis in (1, -1, 2, -2)
        for masks in ([], [M1], [None, M2], [M1, M2])
    ],
    pair("Dot", X, X, axes=2),
    pair("Dot", Y, (2, 3, 2), axes=(1, 2), normalize=True),
    pair("Dot", ROW, ROW, axes=-1),
    pair("Dot", ROW, ROW, axes=1, normalize=True),
    pair("Dot", ROW, (2, 2, 2), axes=(1, 2), masks=[None, M1]),
    pair("Dot", (2, 3, 2, 1), (2, 2, 2), axes=(2, 1)),
]


def wave(number, shape):
    """Values that the tests make too, so that the file need not hold them."""
    places = np.arange(np.prod(shape)).reshape(shape)
    return np.round(np.sin(2.3 * places + 0.7 * number), 3).astype(np.float32)


def short(value):
    """Nested lists of numbers of six digits."""
    array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    if array.ndim:
        return [short(part) for part in array]
    return float(f"{array.item():.6g}") if array.dtype.kind == "f" else array.item()


def projected(gradient, number):
    """The product of a gradient with a wave: one number tells whether it is right."""
    if gradient is None:
        return None
    return short((gradient.numpy() * wave(80 + number, gradient.shape)).sum())


def counted(upstream, output):
    """A gradient that is 0 where a mask lets nothing count: backends differ there."""
    mask = getattr(output, "_keras_mask", None)
    return upstream if mask is None else upstream * np.float32(mask)[..., None]


def build(name, arguments):
    inner = arguments.get("layer")
    if inner:
        arguments = {**arguments, "layer": build(inner["class"], inner["arguments"])}
    return getattr(keras.layers, name)(**arguments)


def record(spec, described):
    layer = build(spec["layer"], spec["arguments"])
    leaves = [
        shape if isinstance(shape, int) else torch.tensor(wave(i, shape))
        for i, shape in enumerate(spec["inputs"])
    ]
    call = dict(spec["call"])
    if "attention_mask" in call:
        call["attention_mask"] = torch.tensor(call["attention_mask"], dtype=torch.bool)

    def run():
        made = []
        for leaf, mask in zip(leaves, spec["masks"], strict=True):
            if isinstance(leaf, int):
                made.append(made[leaf])
                continue
            x = leaf.clone().requires_grad_()
            if mask is not None:
                x._keras_mask = torch.tensor(mask, dtype=torch.bool)
            made.append(x)
        outputs = layer(made, **call) if spec["listed"] else layer(*made, **call)
        return made, list(keras.tree.flatten(outputs))

    run()
    weights = [wave(10 + i, w.shape) for i, w in enumerate(layer.weights)]
    layer.set_weights(weights)
    inputs, outputs = run()
    upstream = [wave(50 + i, x.shape) for i, x in enumerate(outputs)]
    upstream[0] = counted(upstream[0], outputs[0])
    total = sum(
        (x * torch.as_tensor(g)).sum() for x, g in zip(outputs, upstream, strict=True)
    )
    wanted = [
        x for x, leaf in zip(inputs, leaves, strict=True) if not isinstance(leaf, int)
    ]
    wanted += [w.value for w in layer.trainable_weights]
    gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    kind = spec["layer"], "kernel_regularizer" in spec["arguments"]
    wants_config = kind not in described
    described.add(kind)
    mask = getattr(outputs[0], "_keras_mask", None)
    found = {
        **spec,
        "masks": spec["masks"] if any(spec["masks"]) else None,
        "weight_paths": [w.path for w in layer.weights] if wants_config else None,
        "outputs": [short(x) for x in outputs],
        "gradients": [projected(g, i) for i, g in enumerate(gradients)],
        "after": [short(w) for w in layer.get_weights()]
        if spec["call"].get("training")
        else None,
        "output_mask": None if mask is None else short(mask),
        "losses": [short(loss) for loss in layer.losses],
        "config": config(layer.get_config()) if wants_config else None,
    }
    return {key: value for key, value in found.items() if value}


def make():
    keras.backend.clear_session()
    described = set()
    return {
        "layers": [record(spec, described) for spec in CASES],
        "merging": [record(spec, described) for spec in MERGING],
    }
