"""Recurrent layers with given weights: outputs, states, masks, gradients, configs.

A layer inside another stands in its arguments as ``{"class": ..., "arguments": ...}``.
"""

import keras
import numpy as np
import torch

from .plain import config, draw, numbers

X = (2, 4, 3)
IMAGES = (2, 3, 4, 4, 1)
PADDED = [[1, 1, 1, 0], [1, 0, 0, 0]]
GAPS = [[0, 1, 0, 1], [1, 1, 0, 1]]
SEQUENCES = {"return_sequences": True}
BOTH = {"return_sequences": True, "return_state": True}


def layer(name, **arguments):
    return {"class": name, "arguments": arguments}


def around(name, inner, **arguments):
    return layer(name, layer=inner, **arguments)


def sequence_cases(name, **arguments):
    """The cases of SimpleRNN, LSTM and GRU."""

    def made(**more):
        return layer(name, units=2, **arguments, **more)

    return [
        {"layer": made(), "shape": X},
        {"layer": made(**SEQUENCES), "shape": X},
        {"layer": made(return_state=True), "shape": X, "states": True},
        {"layer": made(**BOTH, go_backwards=True), "shape": X},
        {"layer": made(**BOTH), "shape": X, "mask": PADDED},
        {"layer": made(**BOTH), "shape": X, "mask": GAPS},
        {"layer": made(**BOTH, go_backwards=True), "shape": X, "mask": GAPS},
        {"layer": made(**BOTH, zero_output_for_mask=True), "shape": X, "mask": GAPS},
        {"layer": made(), "shape": X, "mask": PADDED},
        {"layer": made(activation="relu", use_bias=False, **SEQUENCES), "shape": X},
        {"layer": made(activation=None, **SEQUENCES), "shape": X},
        {"layer": made(activation="softsign", **SEQUENCES), "shape": X, "mask": GAPS},
        {"layer": made(activation="sigmoid", unroll=True, **SEQUENCES), "shape": X},
        {"layer": made(stateful=True), "shape": X, "calls": 3},
        {"layer": made(stateful=True, **BOTH), "shape": X, "calls": 2, "mask": PADDED},
        {
            "layer": made(
                kernel_regularizer="l2",
                recurrent_regularizer="l1",
                bias_regularizer="l2",
                # Keras loses the one of SimpleRNN
                activity_regularizer=None if name == "SimpleRNN" else "l1",
                kernel_constraint="non_neg",
                dropout=0.2,
                recurrent_dropout=0.1,
                seed=7,
            ),
            "shape": X,
        },
    ]


def gate_cases(name):
    """The cases of layers with gates."""
    gates = ["hard_sigmoid", "linear", "tanh", "relu"]
    return [
        {
            "layer": layer(name, units=2, recurrent_activation=gate, **SEQUENCES),
            "shape": X,
            "mask": GAPS,
        }
        for gate in gates
    ] + [
        {
            "layer": layer(
                name, units=2, activation="relu", recurrent_activation="hard_sigmoid"
            ),
            "shape": X,
        }
    ]


def rnn_cases():
    lstm, gru = layer("LSTMCell", units=2), layer("GRUCell", units=3)
    simple = layer("SimpleRNNCell", units=2)
    cells = [lstm, gru, simple]
    return [
        {"layer": layer("RNN", cell=simple, **BOTH), "shape": X},
        {"layer": layer("RNN", cell=lstm, **BOTH), "shape": X, "mask": GAPS},
        {"layer": layer("RNN", cell=gru, go_backwards=True), "shape": X},
        {"layer": layer("RNN", cell=cells), "shape": X},
        {"layer": layer("RNN", cell=cells, **BOTH), "shape": X, "mask": PADDED},
        {"layer": layer("RNN", cell=layer("StackedRNNCells", cells=cells)), "shape": X},
    ]


def bidirectional_cases():
    cases = []
    for mode in ["concat", "sum", "ave", "mul", None]:
        for inner in [
            layer("LSTM", units=2, **SEQUENCES),
            layer("GRU", units=2),
            layer("SimpleRNN", units=2, **BOTH),
        ]:
            made = around("Bidirectional", inner, merge_mode=mode)
            cases.append({"layer": made, "shape": X})
            cases.append({"layer": made, "shape": X, "mask": PADDED})
    inner = layer("LSTM", units=2, return_state=True)
    back = layer("GRU", units=2, go_backwards=True, **SEQUENCES)
    both = around("Bidirectional", layer("LSTM", units=3, **SEQUENCES))
    both["arguments"]["backward_layer"] = back
    stateful = around("Bidirectional", layer("GRU", units=2, stateful=True))
    return [
        *cases,
        {"layer": around("Bidirectional", inner), "shape": X, "states": True},
        {"layer": both, "shape": X, "mask": GAPS},
        {"layer": stateful, "shape": X, "calls": 2},
    ]


def time_distributed_cases():
    inner = [
        (layer("Dense", units=2, activation="tanh"), X, None),
        (layer("Dense", units=2), X, GAPS),
        (layer("Conv2D", filters=2, kernel_size=3), IMAGES, None),
        (layer("BatchNormalization"), X, None),
        (layer("Flatten"), IMAGES, None),
        (layer("LSTM", units=2), (2, 2, 3, 2), None),
    ]
    return [
        {"layer": around("TimeDistributed", one), "shape": shape, "mask": mask}
        for one, shape, mask in inner
    ]


def conv_lstm_cases():
    def made(rank, **arguments):
        return layer(f"ConvLSTM{rank}D", filters=2, kernel_size=2, **arguments)

    first = {"data_format": "channels_first"}
    mask = [[1, 0, 1], [1, 1, 0]]
    return [
        {"layer": made(1), "shape": (2, 3, 5, 2)},
        {"layer": made(1, padding="same", strides=2, **BOTH), "shape": (2, 3, 5, 2)},
        {"layer": made(2, **BOTH), "shape": IMAGES, "mask": mask},
        {"layer": made(2, padding="same", go_backwards=True), "shape": IMAGES},
        {"layer": made(2, dilation_rate=2, use_bias=False), "shape": IMAGES},
        {"layer": made(2, **first, **SEQUENCES), "shape": (2, 3, 1, 4, 3)},
        {"layer": made(2, stateful=True), "shape": IMAGES, "calls": 2},
        {"layer": made(3, padding="same"), "shape": (1, 2, 2, 3, 2, 1)},
    ]


CASES = [
    *sequence_cases("SimpleRNN"),
    *sequence_cases("LSTM"),
    *sequence_cases("GRU"),
    *sequence_cases("GRU", reset_after=False)[::4],
    *gate_cases("LSTM"),
    *gate_cases("GRU"),
    *rnn_cases(),
    *bidirectional_cases(),
    *time_distributed_cases(),
    *conv_lstm_cases(),
]
DESCRIBED = set()


def build(spec):
    """The layer of a case, those inside it made first."""
    if isinstance(spec, list):
        return [build(one) for one in spec]
    if not (isinstance(spec, dict) and "class" in spec):
        return spec
    arguments = {key: build(value) for key, value in spec["arguments"].items()}
    return getattr(keras.layers, spec["class"])(**arguments)


def flat(outputs):
    return list(keras.tree.flatten(outputs))


def name_of(spec):
    if isinstance(spec, list):
        return "[" + " ".join(map(name_of, spec)) + "]"
    if not (isinstance(spec, dict) and "class" in spec):
        return str(spec)
    words = [f"{key}={name_of(value)}" for key, value in spec["arguments"].items()]
    return f"{spec['class']}({', '.join(words)})"


def wants_config(spec):
    kind = spec["class"] + str("kernel_regularizer" in spec["arguments"])
    seen = kind in DESCRIBED
    DESCRIBED.add(kind)
    return not seen


def record(case, rng):
    spec = case["layer"]
    made = build(spec)
    first = config(made.get_config())
    shape, mask = tuple(case["shape"]), case.get("mask")
    made.build(shape)
    weights = [draw(rng, *w.shape, scale=0.7) for w in made.weights]
    weights = [
        np.abs(w) if "variance" in v.name else w
        for w, v in zip(weights, made.weights, strict=True)
    ]
    made.set_weights(weights)
    calls, arguments = case.get("calls", 1), {}
    inputs = [draw(rng, *shape) for _ in range(calls)]
    if mask is not None:
        arguments["mask"] = torch.tensor(mask, dtype=torch.bool)
    states = []
    if case.get("states"):
        shapes = [s[1:] for s in made.compute_output_shape(shape)[1:]]
        states = [draw(rng, shape[0], *s) for s in shapes]
    state_leaves = [torch.tensor(s, requires_grad=True) for s in states]
    if states:
        arguments["initial_state"] = state_leaves
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    outputs = [made(x, **arguments) for x in leaves]
    last = flat(outputs[-1])
    upstream = [draw(rng, *x.shape) for x in last]
    total = sum(
        torch.sum(x * torch.as_tensor(g)) for x, g in zip(last, upstream, strict=True)
    )
    trained = [w.value for w in made.trainable_weights]
    gradients = []
    if calls == 1:  # assigning the kept states breaks PyTorch's graph
        wanted = [leaves[-1], *state_leaves, *trained]
        gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    masks = [getattr(x, "_keras_mask", None) for x in last]
    return {
        "name": name_of(spec) + (f" mask={mask}" if mask else ""),
        "layer": spec,
        "inputs": [numbers(x) for x in inputs],
        "mask": mask,
        "states": [numbers(state) for state in states],
        "weights": [numbers(weight) for weight in weights],
        "weight_names": [weight.name for weight in made.weights],
        "weight_paths": [weight.path for weight in made.weights],
        "outputs": [[numbers(x) for x in flat(one)] for one in outputs],
        "upstream": [numbers(g) for g in upstream],
        "gradients": [None if g is None else numbers(g) for g in gradients],
        "output_shape": config(made.compute_output_shape((2, *shape[1:]))),
        "output_masks": [None if m is None else numbers(m) for m in masks],
        "losses": [numbers(loss) for loss in made.losses],
        # the configurations of many cases are much alike: one of each kind will do
        "config": first if wants_config(spec) else None,
    }


def make():
    rng = np.random.default_rng(70)
    keras.backend.clear_session()
    return {"cases": [record(case, rng) for case in CASES], "models": models()}


def models():
    """Histories of 3 epochs, from given weights."""
    rng = np.random.default_rng(71)
    x, ids = draw(rng, 10, 5, 3), rng.integers(1, 7, (10, 5))
    ids[:, 3:] *= rng.integers(0, 2, (10, 1))
    y = rng.integers(0, 3, 10)
    out = layer("Dense", units=3, activation="softmax")
    embedding = layer("Embedding", input_dim=7, output_dim=3, mask_zero=True)
    stacks = {
        "lstm": [layer("LSTM", units=4), out],
        "stacked_lstm": [
            layer("LSTM", units=4, **SEQUENCES),
            layer("LSTM", units=3),
            out,
        ],
        "bidirectional_gru": [around("Bidirectional", layer("GRU", units=3)), out],
        "masked": [
            embedding,
            around("Bidirectional", layer("LSTM", units=3, **SEQUENCES)),
            layer("GRU", units=3),
            out,
        ],
    }
    cases = []
    for name, stack in stacks.items():
        keras.backend.clear_session()
        data = ids if name == "masked" else x
        start = (
            keras.Input((5,), dtype="int32")
            if name == "masked"
            else keras.Input((5, 3))
        )
        model = keras.Sequential([start, *build(stack)])
        weights = [draw(rng, *w.shape, scale=0.5) for w in model.weights]
        model.set_weights(weights)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.optimizer.learning_rate = 0.02
        history = model.fit(data, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
        cases.append(
            {
                "name": name,
                "stack": stack,
                "inputs": numbers(data),
                "labels": numbers(y),
                "weights": [numbers(w) for w in weights],
                "paths": [w.path for w in model.weights],
                "history": {
                    k: numbers(np.float32(v)) for k, v in history.history.items()
                },
                "predict": numbers(model.predict(data, verbose=0)),
            }
        )
    return cases
