"""Losses: values, gradients for y_pred, and configurations."""

import keras
import numpy as np
import torch

from .plain import case_name, config, draw, numbers

REDUCTIONS = ["sum", "sum_over_batch_size", "mean", "mean_with_sample_weight"]
NO_REDUCTION = ["none", None]


def distributions(rng, *shape):
    """Positive rows of two decimals that need not sum to exactly one."""
    logits = rng.normal(size=shape)
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    rows = exps / exps.sum(axis=-1, keepdims=True)
    return np.maximum(np.round(rows, 2), 0.01).astype(np.float32)


def one_hot(labels, classes):
    return np.eye(classes, dtype=np.float32)[labels]


def data():
    """The arrays that the cases name."""
    rng = np.random.default_rng(30)
    labels = rng.integers(0, 4, 6)
    labels_2d = rng.integers(0, 4, (3, 5))
    bits = rng.integers(0, 2, (6, 3)).astype(np.float32)
    hard = one_hot([0, 1, 2, 3, 0, 1], 4)
    arrays = {
        "values": draw(rng, 6, 3),
        "targets": draw(rng, 6, 3),
        "values_3d": draw(rng, 3, 5, 2),
        "targets_3d": draw(rng, 3, 5, 2),
        "far_values": draw(rng, 6, 3, scale=1000.0),
        "same_as_values": None,
        "bits": bits,
        "soft_bits": np.round(rng.uniform(size=(6, 3)), 2).astype(np.float32),
        "bit_probabilities": np.round(rng.uniform(0.02, 0.98, (6, 3)), 2),
        "saturated_bits": np.array([[0, 1, 0.5]] * 3 + [[1, 0, 0.5]] * 3),
        "bit_logits": draw(rng, 6, 3, scale=3.0),
        "extreme_bit_logits": np.array([[100, -100, 0]] * 3 + [[-50, 30, 1]] * 3),
        "labels": labels,
        "labels_column": labels[:, None],
        "classes": one_hot(labels, 4),
        "probabilities": distributions(rng, 6, 4),
        "unnormalized": np.round(rng.uniform(0.1, 1, (6, 4)), 2),
        "saturated": hard,
        "logits": draw(rng, 6, 4, scale=3.0),
        "extreme_logits": hard * 200 - 100,
        "labels_2d": labels_2d,
        "classes_3d": one_hot(labels_2d, 4),
        "probabilities_3d": distributions(rng, 3, 5, 4),
        "logits_3d": draw(rng, 3, 5, 4, scale=3.0),
        "per_sample": np.array([1.0, 2.0, 0.5, 0.0, 3.0, 1.5]),
        "per_sample_column": np.array([[1.0], [2.0], [0.5], [0.0], [3.0], [1.5]]),
        "per_row": np.array([[2.0], [0.5], [1.0]]),
        "per_step": np.round(rng.uniform(0, 2, (3, 5)), 2),
    }
    arrays["same_as_values"] = arrays["values"].copy()
    arrays["same_as_values"][0] += 1
    arrays["classes_axis_1"] = np.moveaxis(arrays["classes_3d"], -1, 1)
    arrays["logits_axis_1"] = np.moveaxis(arrays["logits_3d"], -1, 1)
    arrays["probabilities_axis_1"] = np.moveaxis(arrays["probabilities_3d"], -1, 1)
    rng = np.random.default_rng(32)
    vectors = rng.normal(size=(6, 3))
    arrays |= {
        "signs": 2 * bits - 1,
        "counts": rng.poisson(2.0, (6, 3)),
        "rates": np.round(rng.uniform(0.1, 4, (6, 3)), 2),
        "unit_vectors": np.round(
            vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), 3
        ),
        "labels_alike": np.array([2, 2, 2, 2, 2, 2]),
        "labels_apart": np.array([0, 1, 2, 3, 4, 5]),
        "labels_padded": np.array([[1, 2], [3, 0], [2, 2]]),
        "labels_of_steps": np.array([[1, 1, 2], [0, 0, 0], [2, 1, 0]]),
        "values_of_steps": draw(rng, 3, 6, 3, scale=2.0),
    }
    return {
        name: array if name.startswith("labels") else np.float32(array)
        for name, array in arrays.items()
    }


PAIRS = {
    "MeanSquaredError": [
        ("targets", "values", {}),
        ("targets_3d", "values_3d", {}),
        ("targets", "far_values", {}),
        ("same_as_values", "values", {}),
    ],
    "MeanAbsoluteError": [
        ("targets", "values", {}),
        ("targets_3d", "values_3d", {}),
        ("targets", "far_values", {}),
        ("same_as_values", "values", {}),
    ],
    "BinaryCrossentropy": [
        ("bits", "bit_probabilities", {}),
        ("soft_bits", "bit_probabilities", {}),
        ("bits", "bit_probabilities", {"label_smoothing": 0.2}),
        ("bits", "saturated_bits", {}),
        ("bits", "saturated_bits", {"label_smoothing": 0.1}),
        ("bits", "bit_logits", {"from_logits": True}),
        ("soft_bits", "bit_logits", {"from_logits": True}),
        ("bits", "bit_logits", {"from_logits": True, "label_smoothing": 0.2}),
        ("bits", "extreme_bit_logits", {"from_logits": True}),
        ("bits", "bit_probabilities", {"axis": 0}),
    ],
    "CategoricalCrossentropy": [
        ("classes", "probabilities", {}),
        ("probabilities", "unnormalized", {}),
        ("classes", "probabilities", {"label_smoothing": 0.1}),
        ("classes", "saturated", {}),
        ("classes", "saturated", {"label_smoothing": 0.1}),
        ("classes", "logits", {"from_logits": True}),
        ("classes", "logits", {"from_logits": True, "label_smoothing": 0.1}),
        ("classes", "extreme_logits", {"from_logits": True}),
        ("classes_3d", "probabilities_3d", {}),
        ("classes_3d", "logits_3d", {"from_logits": True}),
        ("classes_axis_1", "logits_axis_1", {"from_logits": True, "axis": 1}),
        ("classes_axis_1", "probabilities_axis_1", {"axis": 1}),
    ],
    "SparseCategoricalCrossentropy": [
        ("labels", "probabilities", {}),
        ("labels_column", "probabilities", {}),
        ("labels", "unnormalized", {}),
        ("labels", "saturated", {}),
        ("labels", "logits", {"from_logits": True}),
        ("labels_column", "logits", {"from_logits": True}),
        ("labels", "extreme_logits", {"from_logits": True}),
        ("labels_2d", "probabilities_3d", {}),
        ("labels_2d", "logits_3d", {"from_logits": True}),
        ("labels_2d", "logits_axis_1", {"from_logits": True, "axis": 1}),
        ("labels", "probabilities", {"ignore_class": 1}),
        ("labels", "logits", {"ignore_class": 2, "from_logits": True}),
    ],
}

# Losses that share the reductions with those above: fewer cases of each.
MORE_PAIRS = {
    "MeanAbsolutePercentageError": [("targets", "values", {})],
    "MeanSquaredLogarithmicError": [
        ("soft_bits", "bit_probabilities", {}),
        ("targets", "values", {}),
    ],
    "Huber": [("targets", "values", {}), ("targets", "values", {"delta": 0.3})],
    "LogCosh": [("targets", "values", {}), ("targets", "far_values", {})],
    "CosineSimilarity": [
        ("targets", "values", {}),
        ("targets_3d", "values_3d", {"axis": 1}),
    ],
    "Hinge": [
        ("signs", "values", {}),
        ("bits", "values", {}),
        ("targets", "values", {}),
        ("targets_3d", "values_3d", {}),
    ],
    "SquaredHinge": [("signs", "values", {}), ("bits", "values", {})],
    "CategoricalHinge": [
        ("classes", "logits", {}),
        ("classes", "probabilities", {}),
        ("classes_3d", "logits_3d", {}),
    ],
    "KLDivergence": [
        ("unnormalized", "probabilities", {}),
        ("classes", "probabilities", {}),
        ("classes", "saturated", {}),
        ("classes_3d", "probabilities_3d", {}),
    ],
    "Poisson": [("counts", "rates", {}), ("soft_bits", "bit_probabilities", {})],
    "BinaryFocalCrossentropy": [
        ("bits", "bit_probabilities", {}),
        ("soft_bits", "bit_probabilities", {"gamma": 1.5}),
        ("bits", "bit_probabilities", {"gamma": 0.0}),
        ("bits", "bit_probabilities", {"apply_class_balancing": True, "alpha": 0.7}),
        ("bits", "bit_probabilities", {"label_smoothing": 0.2, "axis": 0}),
        ("bits", "saturated_bits", {}),
        ("bits", "bit_logits", {"from_logits": True, "apply_class_balancing": True}),
        ("bits", "bit_logits", {"from_logits": True, "gamma": 1.0}),
    ],
    "CategoricalFocalCrossentropy": [
        ("classes", "probabilities", {}),
        ("probabilities", "unnormalized", {"gamma": 1.5, "alpha": 0.4}),
        ("classes", "probabilities", {"alpha": [0.1, 0.2, 0.3, 0.4]}),
        ("classes", "probabilities", {"label_smoothing": 0.1}),
        ("classes", "saturated", {}),
        ("classes", "logits", {"from_logits": True}),
        ("classes", "extreme_logits", {"from_logits": True}),
        ("classes_axis_1", "probabilities_axis_1", {"axis": 1}),
    ],
    "CategoricalGeneralizedCrossEntropy": [
        ("labels", "probabilities", {"q": 0.5}),
        ("labels", "probabilities", {"q": 0.9}),
        ("labels_2d", "probabilities_3d", {"q": 0.2}),
    ],
    "Dice": [
        ("bits", "bit_probabilities", {}),
        ("bits", "bit_probabilities", {"axis": 1}),
        ("classes_3d", "probabilities_3d", {"axis": [1, 2]}),
    ],
    "Tversky": [
        ("bits", "bit_probabilities", {}),
        ("bits", "bit_probabilities", {"alpha": 0.2, "beta": 0.9}),
        ("classes_3d", "probabilities_3d", {"axis": [1, 2], "alpha": 0.3}),
    ],
    "Circle": [
        ("labels", "unit_vectors", {}),
        ("labels_column", "unit_vectors", {"gamma": 2.0, "margin": 0.2}),
        ("labels", "unit_vectors", {"gamma": 1.0, "remove_diagonal": False}),
        ("labels_alike", "unit_vectors", {}),
        ("labels_apart", "unit_vectors", {}),
    ],
    "CTC": [
        ("labels_padded", "logits_3d", {}),
        ("labels_of_steps", "values_of_steps", {}),
    ],
}

CONFIGS = [
    ("MeanAbsolutePercentageError", {}),
    ("MeanSquaredLogarithmicError", {"reduction": "none"}),
    ("Huber", {}),
    ("LogCosh", {}),
    ("CosineSimilarity", {"name": "mine"}),
    ("Hinge", {}),
    ("SquaredHinge", {"reduction": "sum", "name": "mine"}),
    ("CategoricalHinge", {}),
    ("KLDivergence", {}),
    ("Poisson", {}),
    ("BinaryFocalCrossentropy", {}),
    (
        "BinaryFocalCrossentropy",
        {"apply_class_balancing": True, "alpha": 0.4, "gamma": 1.0, "axis": 0},
    ),
    ("CategoricalFocalCrossentropy", {}),
    (
        "CategoricalFocalCrossentropy",
        {"alpha": [0.1, 0.9], "from_logits": True, "label_smoothing": 0.1},
    ),
    ("CategoricalGeneralizedCrossEntropy", {}),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.8, "name": "mine"}),
    ("Dice", {}),
    ("Dice", {"axis": [1, 2], "reduction": "sum"}),
    ("Tversky", {}),
    ("Tversky", {"alpha": 0.2, "beta": 0.8, "axis": [1]}),
    ("Circle", {}),
    ("Circle", {"gamma": 64.0, "margin": 0.25, "remove_diagonal": False}),
    ("CTC", {}),
]

FUNCTIONS = {
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "Huber": "huber",
    "LogCosh": "log_cosh",
    "CosineSimilarity": "cosine_similarity",
    "Hinge": "hinge",
    "SquaredHinge": "squared_hinge",
    "CategoricalHinge": "categorical_hinge",
    "KLDivergence": "kl_divergence",
    "Poisson": "poisson",
    "BinaryFocalCrossentropy": "binary_focal_crossentropy",
    "CategoricalFocalCrossentropy": "categorical_focal_crossentropy",
    "CategoricalGeneralizedCrossEntropy": "categorical_generalized_cross_entropy",
    "Dice": "dice",
    "Tversky": "tversky",
    "Circle": "circle",
    "CTC": "ctc",
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
}


def cases():
    """(class, y_true, y_pred, sample_weight, arguments) of every case."""
    for name, pairs in PAIRS.items():
        for y_true, y_pred, arguments in pairs:
            yield name, y_true, y_pred, None, arguments
            yield name, y_true, y_pred, None, {**arguments, "reduction": "none"}
        y_true, y_pred, arguments = pairs[0]
        for reduction in REDUCTIONS + NO_REDUCTION:
            for weight in (None, "per_sample", "per_sample_column"):
                options = {**arguments, "reduction": reduction}
                yield name, y_true, y_pred, weight, options
        for y_true, y_pred, arguments in pairs:
            if y_pred.endswith("_3d"):
                options = {**arguments, "reduction": "mean_with_sample_weight"}
                yield name, y_true, y_pred, "per_step", arguments
                yield name, y_true, y_pred, "per_step", options
                yield name, y_true, y_pred, "per_row", options
    for name, pairs in MORE_PAIRS.items():
        for y_true, y_pred, arguments in pairs:
            yield name, y_true, y_pred, None, arguments
        y_true, y_pred, arguments = pairs[0]
        if len(data()[y_pred]) == 6:
            options = {**arguments, "reduction": "mean_with_sample_weight"}
            yield name, y_true, y_pred, "per_sample", arguments
            yield name, y_true, y_pred, "per_sample", options


def gradient_of(value, leaf, rng):
    """(upstream, gradient): a scalar's upstream is 1, others' are drawn."""
    shape = tuple(value.shape)
    upstream = draw(rng, *shape) if shape else np.float32(1.0)
    value.backward(torch.as_tensor(upstream))
    return numbers(upstream), numbers(leaf.grad)


def record(name, y_true, y_pred, weight, arguments, arrays, rng):
    """One loss object's value and gradient."""
    leaf = torch.tensor(arrays[y_pred], requires_grad=True)
    loss = getattr(keras.losses, name)(**arguments)
    value = loss(arrays[y_true], leaf, arrays.get(weight))
    upstream, gradient = gradient_of(value, leaf, rng)
    labels = [y_true, y_pred] + ([weight] if weight else [])
    return {
        "name": case_name(name, *labels, **arguments),
        "class": name,
        "arguments": arguments,
        "y_true": y_true,
        "y_pred": y_pred,
        "sample_weight": weight,
        "value": numbers(value),
        "upstream": upstream,
        "gradient": gradient,
    }


def record_function(name, y_true, y_pred, arguments, arrays, rng):
    """One functional loss: a value per sample."""
    leaf = torch.tensor(arrays[y_pred], requires_grad=True)
    value = getattr(keras.losses, FUNCTIONS[name])(arrays[y_true], leaf, **arguments)
    upstream, gradient = gradient_of(value, leaf, rng)
    return {
        "name": case_name(FUNCTIONS[name], y_true, y_pred, **arguments),
        "function": FUNCTIONS[name],
        "arguments": arguments,
        "y_true": y_true,
        "y_pred": y_pred,
        "value": numbers(value),
        "upstream": upstream,
        "gradient": gradient,
    }


def record_config(name, arguments):
    """One loss's configuration."""
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "config": config(getattr(keras.losses, name)(**arguments).get_config()),
    }


def make():
    rng = np.random.default_rng(31)
    arrays = data()
    unique = {}
    for case in cases():
        made = record(*case, arrays, rng)
        unique.setdefault(made["name"], made)
    return {
        "data": {name: numbers(array) for name, array in arrays.items()},
        "cases": list(unique.values()),
        "functions": [
            record_function(name, y_true, y_pred, arguments, arrays, rng)
            for name, pairs in (PAIRS | MORE_PAIRS).items()
            for y_true, y_pred, arguments in pairs
        ],
        "configs": [record_config(*case) for case in CONFIGS],
    }
