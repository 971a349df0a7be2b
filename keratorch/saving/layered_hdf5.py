"""The HDF5 layout of Keras 1 and 2: weights by the names of layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import numpy as np

from keratorch.allowance import allowance
from keratorch.custom_objects import CustomObjectScope
from keratorch.saving import extras, hdf5, weights
from keratorch.saving.arrays import Arrays, damaged, named_if_broken
from keratorch.saving.compiling import compile_arguments, losses_as_objects
from keratorch.saving.legacy_config import modern_training
from keratorch.saving.legacy_optimizer import assign_legacy_state, give_older_formula
from keratorch.saving.legacy_weights import Origin, fits, modern_weights, origin
from keratorch.saving.model_file import KERAS_VERSION, built_from, check_sizes, parsed
from keratorch.saving.objects import described_layer
from keratorch.saving.weights import Difference
from keratorch.saving.written_by import modern

# An attribute of HDF5 holds no more bytes than this.
_LARGEST_ATTRIBUTE = 64512
_TOP = "top_level_model_weights"
#: Attributes that a group with the weights of layers has one of.
LISTS = ("layer_names", "layer_names0", "nb_layers")


def write_model(model: Any, file: IO[bytes], include_optimizer: bool = True) -> None:
    """Write a whole model into an open file."""
    library = extras.h5py("writing an HDF5 file")
    config = described_layer(model)
    compiled = config.pop("compile_config", None) if include_optimizer else None
    config.pop("build_config", None)
    with library.File(file, "w") as root:
        root.attrs["keras_version"] = KERAS_VERSION
        root.attrs["backend"] = "numpy"
        root.attrs["model_config"] = json.dumps(config).encode()
        write_weights(model, root.create_group("model_weights"))
        if compiled:
            training = dict(compiled)
            training["optimizer_config"] = training.pop("optimizer")
            training["loss"] = losses_as_objects(training["loss"])
            root.attrs["training_config"] = json.dumps(training).encode()
            variables = model.optimizer.variables
            _write_variables(root.create_group("optimizer_weights"), variables)


def write_weights(model: Any, group: Any) -> None:
    """Write the weights alone into an open file or group."""
    layers = _named_layers(model)
    _write_names(group, "layer_names", [layer.name for layer in layers])
    group.attrs["backend"] = b"numpy"
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    for layer in layers:
        _write_variables(group.create_group(layer.name), _in_old_order(layer))
    _write_variables(group.create_group(_TOP), _own(model))


def read_model(
    root: Any,
    file: str,
    size: int,
    custom_objects: Mapping[str, Any] | None,
    compile: bool,
) -> Any:
    """Return the model of an open file."""
    described = parsed(_text(root, "model_config", file), file)
    with CustomObjectScope(custom_objects), named_if_broken("model_config", file):
        config = modern(described, root.attrs.get("keras_version", ""))
    check_sizes(config, file)
    group = hdf5.child(root, "model_weights", file)
    arrays = hdf5.read_arrays(group, file, size)
    with CustomObjectScope(custom_objects):
        with allowance(arrays.elements + (1 << 20)):
            model = built_from(config, file)
        assign_by_order(model, group, arrays)
        if compile and "training_config" in root.attrs:
            stored = _training(root, file)
            with named_if_broken("training_config", file):
                arguments = compile_arguments(modern_training(stored))
            model.compile(**arguments)
            give_older_formula(model.optimizer, stored["optimizer_config"])
            _assign_optimizer(model, root, file, size)
    return model


def assign_by_order(
    model: Any, group: Any, arrays: Arrays, skip_mismatch: bool = False
) -> None:
    """Put weights into the layers that have any, in the order of the file.

    Raises
    ------
    ValueError : the file holds weights of another architecture.
    """
    stored = [x for x in _stored_layers(group, arrays.file) if x[1]]
    layers = [layer for layer in _named_layers(model) if layer.weights]
    if len(stored) != len(layers):
        differences = [
            Difference(
                f"layer {i}",
                layers[i].name if i < len(layers) else "-",
                stored[i][0] if i < len(stored) else "-",
            )
            for i in range(max(len(layers), len(stored)))
        ]
        what = f" ({len(stored)} layers with weights, the model has {len(layers)})"
        weights.report(differences, arrays.file, False, what)
    pairs = [(layer, names) for layer, (_, names) in zip(layers, stored, strict=True)]
    pairs += _top_level(model, group, arrays)
    _assign(model, pairs, arrays, skip_mismatch, origin(group.attrs))


def assign_by_name(
    model: Any, group: Any, arrays: Arrays, skip_mismatch: bool = False
) -> None:
    """Put weights into the layers whose names the file has; leave others as they are.

    Raises
    ------
    ValueError : a layer has other weights in the file.
    """
    stored = dict(_stored_layers(group, arrays.file))
    pairs = [
        (layer, stored[layer.name])
        for layer in _named_layers(model)
        if layer.name in stored
    ]
    pairs += _top_level(model, group, arrays)
    _assign(model, pairs, arrays, skip_mismatch, origin(group.attrs))


def _assign(
    model: Any,
    pairs: Sequence[tuple[Any, list[str]]],
    arrays: Arrays,
    skip_mismatch: bool,
    written: Origin,
) -> None:
    plan, differences = [], []
    for layer, names in pairs:
        variables = _own(layer) if layer is model else _in_old_order(layer)
        shapes = _shapes(arrays, names)
        known = layer is model and shapes == [variable.shape for variable in variables]
        if known or (layer is not model and _fit(layer, shapes, written)):
            plan.append((layer, variables, names))
        else:
            mine = ", ".join(str(variable.shape) for variable in variables)
            theirs = ", ".join(map(str, shapes))
            differences.append(Difference(layer.name, mine or "-", theirs or "-"))
    weights.report(differences, arrays.file, skip_mismatch)
    read = []
    for layer, variables, names in plan:
        values = [arrays.read(name) for name in names]
        if layer is not model:
            values = modern_weights(layer, values, written)
        read += list(zip(variables, values, strict=True))
    with weights.unchanged_after_an_error(model):
        for variable, value in read:
            variable.assign(value)


def _fit(layer: Any, shapes: Sequence[tuple[int, ...]], written: Origin) -> bool:
    """Return whether weights of these shapes are a layer's, today or once."""
    like = [np.broadcast_to(np.float32(0), shape) for shape in shapes]
    return fits(layer, modern_weights(layer, like, written))


def _assign_optimizer(model: Any, root: Any, file: str, size: int) -> None:
    if "optimizer_weights" not in root:
        return
    group = hdf5.child(root, "optimizer_weights", file)
    arrays = hdf5.read_arrays(group, file, size)
    names = _names(group, "weight_names", file)
    _shapes(arrays, names)  # they are there
    assign_legacy_state(model, arrays, names)


def _named_layers(model: Any) -> list[Any]:
    return list(model.layers)


def _in_old_order(layer: Any) -> list[Any]:
    """Return the weights of a layer, all trainable ones of layers inside first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _own(model: Any) -> list[Any]:
    """Return the variables of the model that are of no layer."""
    inside = {id(v) for layer in model.layers for v in layer.weights}
    return [v for v in _in_old_order(model) if id(v) not in inside]


def _top_level(model: Any, group: Any, arrays: Arrays) -> Iterator[tuple[Any, list]]:
    if _TOP in group:
        inner = hdf5.child(group, _TOP, arrays.file)
        names = _names(inner, "weight_names", arrays.file)
        if names or _own(model):
            yield model, [f"{_TOP}/{name}" for name in names]


def _stored_layers(group: Any, file: str) -> list[tuple[str, list[str]]]:
    """Return names of layers, and the paths of their weights in order."""
    if "nb_layers" in group.attrs:
        return list(_numbered_layers(group, file))
    found = []
    for layer in _names(group, "layer_names", file):
        inner = hdf5.descendant(group, layer, file)
        names = [f"{layer}/{name}" for name in _names(inner, "weight_names", file)]
        found.append((layer, names))
    return found


def _numbered_layers(group: Any, file: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the same of a file of Keras 0: layer_0, layer_1 with param_0, param_1."""
    for k in range(_count(group, "nb_layers", file)):
        inner = hdf5.child(group, f"layer_{k}", file)
        names = []
        for p in range(_count(inner, "nb_params", file)):
            hdf5.child(inner, f"param_{p}", file)  # it is there
            names.append(f"layer_{k}/param_{p}")
        yield f"layer_{k}", names


def _count(group: Any, attribute: str, file: str) -> int:
    value = group.attrs.get(attribute, 0)
    if not isinstance(value, (int, np.integer)):
        raise damaged(file, f"'{attribute}' is no number")
    return int(value)


def _write_variables(group: Any, variables: Sequence[Any]) -> None:
    names: list[str] = []
    for variable in variables:
        name, count = variable.path, 1
        while name in names:
            name, count = f"{variable.path}_{count}", count + 1
        names.append(name)
    _write_names(group, "weight_names", names)
    for name, variable in zip(names, variables, strict=True):
        group.create_dataset(name, data=variable.numpy())


def _write_names(group: Any, attribute: str, names: Sequence[str]) -> None:
    """Write a list of names, in several attributes where one is too small."""
    encoded = np.array([name.encode() for name in names])
    pieces = [encoded]
    while any(piece.nbytes > _LARGEST_ATTRIBUTE for piece in pieces):
        pieces = np.array_split(encoded, len(pieces) + 1)
    if len(pieces) == 1:
        group.attrs[attribute] = encoded
        return
    for i, piece in enumerate(pieces):
        group.attrs[f"{attribute}{i}"] = piece


def _names(group: Any, attribute: str, file: str) -> list[str]:
    """Return a list of names, which may lie in several attributes."""
    if attribute in group.attrs:
        return _strings(group.attrs[attribute], attribute, file)
    found: list[str] = []
    i = 0
    while f"{attribute}{i}" in group.attrs:
        found += _strings(group.attrs[f"{attribute}{i}"], attribute, file)
        i += 1
    return found


def _strings(value: Any, attribute: str, file: str) -> list[str]:
    array = np.asarray(value)
    parts = [
        x.decode("utf-8", "replace") if isinstance(x, bytes) else x for x in array.flat
    ]
    if array.ndim != 1 or not all(isinstance(x, str) for x in parts):
        raise damaged(file, f"its {attribute} is no list of names")
    return [str(x) for x in parts]


def _shapes(arrays: Arrays, names: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the shapes of arrays, all of which the file must hold."""
    for name in names:
        if name not in arrays:
            raise damaged(arrays.file, f"'{name}' is missing")
    return [arrays.headers[name].shape for name in names]


def _training(root: Any, file: str) -> dict[str, Any]:
    """Return the training configuration, which describes an optimizer."""
    text = _text(root, "training_config", file)
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(file, f"its training_config is no JSON ({error})") from error
    described = config.get("optimizer_config") if isinstance(config, dict) else None
    if (
        not isinstance(described, dict)
        or not isinstance(described.get("class_name"), str)
        or not isinstance(described.get("config"), dict)
    ):
        raise damaged(file, "its training_config describes no optimizer")
    return config


def _text(root: Any, attribute: str, file: str) -> str | bytes:
    text = root.attrs[attribute]
    if not isinstance(text, (str, bytes)):
        raise damaged(file, f"its {attribute} is no text")
    return text
