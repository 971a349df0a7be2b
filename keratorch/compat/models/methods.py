"""Methods and attributes that models, layers and optimizers had."""

from __future__ import annotations

import functools
import importlib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.compat.arguments import LOADING, SHOWN, accuracy_shown
from keratorch.compat.layers import numbered_calls
from keratorch.compat.spoken import say_modern
from keratorch.compat.translation import translate
from keratorch.nested import flatten


def _samples_by_place(fit: Callable[..., Any]) -> Callable[..., Any]:
    """Return `fit_generator` whose second argument, by place, may count samples.

    It did in Keras 1, to which `nb_epoch` belongs, and where all Sequences with a
    length were those of Keras itself. By its name, `steps_per_epoch` counts steps.
    """

    @functools.wraps(fit)
    def fitted(model: Any, *args: Any, **kwargs: Any) -> Any:
        if "epochs" in kwargs:
            _count_as_keras_2(args[0] if args else kwargs.get("generator"), kwargs)
        of_keras_1 = "nb_epoch" in kwargs or dialect.counts_samples()
        if len(args) > 1 and args[1] and of_keras_1 and not _is_ones_own(args[0]):
            kwargs.setdefault("samples_per_epoch", args[1])
        return fit(model, *args, **kwargs)

    return fitted


def _count_as_keras_2(generator: Any, kwargs: dict[str, Any]) -> None:
    """Turn numbers of samples into those of steps, as Keras 2 did: `epochs` is its own.

    It rounded down where it knew the size of a batch, and else took one for the other.
    """
    if "samples_per_epoch" in kwargs:
        samples, size = kwargs.pop("samples_per_epoch"), 1
        size = getattr(generator, "batch_size", size)
        kwargs["steps_per_epoch"] = max(samples // size, 1)
        say_modern("samples_per_epoch=...", f"steps_per_epoch={samples // size}")
    if "nb_val_samples" in kwargs:
        kwargs["validation_steps"] = kwargs.pop("nb_val_samples")
        say_modern("nb_val_samples=...", "validation_steps=...")


@_samples_by_place
def fit_generator(
    model: Any,
    generator: Any,
    steps_per_epoch: int | None = None,
    epochs: int = 1,
    verbose: Any = 1,
    callbacks: Any = None,
    validation_data: Any = None,
    validation_steps: int | None = None,
    validation_freq: Any = 1,
    class_weight: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    shuffle: bool = True,
    initial_epoch: int = 0,
    **older: Any,
) -> Any:
    """Train on batches from a generator: `fit` does it today.

    `max_queue_size`, `workers` and `use_multiprocessing` change nothing here. Keras 1's
    `samples_per_epoch` and `nb_val_samples` count samples instead of batches.
    """
    say_modern("model.fit_generator(...)", "model.fit(...)")
    accuracy_shown((model,), older)
    epochs = older.pop("nb_epoch", epochs)
    if "samples_per_epoch" in older:
        generator, steps_per_epoch = _in_steps(
            generator, older.pop("samples_per_epoch")
        )
    if "nb_val_samples" in older:
        validation_data, validation_steps = _in_steps(
            validation_data, older.pop("nb_val_samples")
        )
    _refuse("fit_generator", older)
    steps_per_epoch = _whole(steps_per_epoch)
    if steps_per_epoch and _ends_elsewhere(generator, steps_per_epoch):
        generator = _rounds(generator, shuffle)
    return model.fit(
        generator,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        verbose=verbose,
        callbacks=callbacks,
        validation_data=_as_tuple(validation_data),
        validation_steps=_whole(validation_steps),
        validation_freq=validation_freq,
        class_weight=class_weight,
        shuffle=shuffle,
        initial_epoch=initial_epoch,
    )


def evaluate_generator(
    model: Any,
    generator: Any,
    steps: int | None = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: Any = 0,
    **older: Any,
) -> Any:
    """Evaluate on batches from a generator: `evaluate` does it today."""
    say_modern("model.evaluate_generator(...)", "model.evaluate(...)")
    accuracy_shown((model,), older)
    if steps and dialect.counts_samples():
        older.setdefault("val_samples", steps)
    if "val_samples" in older:
        generator, steps = _in_steps(generator, older.pop("val_samples"))
    _refuse("evaluate_generator", older)
    return model.evaluate(
        generator, steps=_whole(steps), callbacks=callbacks, verbose=verbose
    )


def predict_generator(
    model: Any,
    generator: Any,
    steps: int | None = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: Any = 0,
    **older: Any,
) -> Any:
    """Predict for batches from a generator: `predict` does it today."""
    say_modern("model.predict_generator(...)", "model.predict(...)")
    if steps and dialect.counts_samples():
        older.setdefault("val_samples", steps)
    if "val_samples" in older:
        generator, steps = _in_steps(generator, older.pop("val_samples"))
    _refuse("predict_generator", older)
    return model.predict(
        generator, steps=_whole(steps), callbacks=callbacks, verbose=verbose
    )


def predict_classes(
    model: Any, x: Any, batch_size: int | None = None, verbose: Any = 0, **loading: Any
) -> np.ndarray:
    """Return the class of each sample: the largest output, or 1 where it is > 0.5."""
    say_modern("model.predict_classes(x)", "np.argmax(model.predict(x), axis=-1)")
    outputs = model.predict(x, batch_size=batch_size, verbose=verbose)
    if outputs.shape[-1] > 1:
        return outputs.argmax(axis=-1)
    return (outputs > 0.5).astype("int32")


def predict_proba(
    model: Any, x: Any, batch_size: int | None = None, verbose: Any = 0, **loading: Any
) -> np.ndarray:
    """Return the outputs: `predict` does it today."""
    say_modern("model.predict_proba(x)", "model.predict(x)")
    return model.predict(x, batch_size=batch_size, verbose=verbose)


def to_yaml(model: Any) -> str:
    """Return the configuration of a model as YAML: `to_json` does it today."""
    room = importlib.import_module("keratorch.compat.models.older_yaml")
    return room.to_yaml(model)


def add_variable(layer: Any, *args: Any, **kwargs: Any) -> Any:
    """Make a weight: `add_weight` does it today."""
    say_modern("layer.add_variable(...)", "layer.add_weight(...)")
    return layer.add_weight(*args, **kwargs)


def make_predict_function(model: Any, force: bool = False) -> None:
    """Do nothing: TensorFlow 1 compiled here what two threads were to share."""


def reset_states(layer: Any) -> None:
    """Let stateful layers forget: `layer.reset_state` does it today."""
    say_modern("model.reset_states()", "layer.reset_state() of each recurrent layer")
    for inner in layer.layers if hasattr(layer, "layers") else [layer]:
        if hasattr(inner, "layers"):
            reset_states(inner)
        elif hasattr(inner, "reset_state"):
            inner.reset_state()


def get_output(layer: Any, train: bool = False) -> Any:
    """Return the symbolic output of a layer: `output` does it today.

    Raises
    ------
    NotImplementedError : the output in training is asked for.
    """
    say_modern("layer.get_output()", "layer.output")
    if train:
        raise NotImplementedError(
            "layer.get_output(train=True): a symbol stands for both modes here. Call "
            "the model with training=True."
        )
    return layer.output


def get_input(layer: Any, train: bool = False) -> Any:
    """Return the symbolic input of a layer: `input` does it today."""
    say_modern("layer.get_input()", "layer.input")
    return layer.input


def test(model: Any, X: Any, y: Any, accuracy: bool = False) -> Any:
    """Return the loss on one batch: `test_on_batch` does it today."""
    say_modern("model.test(X, y)", "model.test_on_batch(x, y)")
    return model.test_on_batch(X, y, accuracy=accuracy)


def train_or_learn(train: Callable[..., Any]) -> Callable[..., Any]:
    """Return `model.train(mode)` that trains on a batch, too, as in the first Keras."""

    @functools.wraps(train)
    def trained(model: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) + len(kwargs) < 2:
            return train(model, *args, **kwargs)
        say_modern("model.train(X, y)", "model.train_on_batch(x, y)")
        return model.train_on_batch(*args, **kwargs)

    return trained


def _in_steps(generator: Any, samples: int) -> tuple[Any, int]:
    """Return batches for a number of samples, and how many batches these are."""
    if isinstance(generator, (tuple, list)):
        return generator, 0
    size = getattr(generator, "batch_size", None)
    if size is None:
        if _is_ones_own(generator):
            first = generator[0]
        else:
            first = next(generator)
            generator = itertools.chain([first], generator)
        lengths = [len(array) for array in flatten(first) if np.ndim(array)]
        size = lengths[0] if lengths else len(first[0])  # lists of numbers
    return generator, max(1, math.ceil(samples / size))


def _known_length(batches: Any) -> int:
    """Return how many batches a Sequence has; 0 for a generator."""
    is_sequence = hasattr(batches, "__len__") and hasattr(batches, "__getitem__")
    return len(batches) if is_sequence else 0


def _is_ones_own(batches: Any) -> bool:
    """Return whether batches are a Sequence that is no iterator, as users write it."""
    return _known_length(batches) > 0 and not hasattr(batches, "__next__")


def _ends_elsewhere(batches: Any, steps: int) -> bool:
    """Return whether the epochs of a Sequence end where none of its rounds does."""
    return _known_length(batches) not in (0, steps)


def _rounds(batches: Any, shuffle: bool) -> Iterator[Any]:
    """Yield the batches of a Sequence for ever, as the queue of Keras 2 did.

    Of 5 batches, epochs of 4 steps take the first 4, then the last and 3 of the next
    round: `fit` of today ends the second epoch with the round.
    """
    order = np.arange(len(batches))
    while True:
        if shuffle:
            importlib.import_module("keratorch.random").generator().shuffle(order)
        for i in order.tolist():
            yield batches[i]
        if hasattr(batches, "on_epoch_end"):
            batches.on_epoch_end()


def _whole(steps: Any) -> int | None:
    """Return a number of steps as an int: `len(x) / 32` is often no whole number."""
    return None if steps is None or steps == 0 else math.ceil(steps)


def _as_tuple(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else data


def _refuse(method: str, older: dict[str, Any]) -> None:
    translate(older, method, {**LOADING, "show_accuracy": SHOWN})
    if older:
        raise TypeError(
            f"{method}() does not know the argument {', '.join(map(repr, older))}."
        )


def _learning_rate() -> property:
    def read(optimizer: Any) -> Any:
        say_modern("optimizer.lr", "optimizer.learning_rate")
        return optimizer.learning_rate

    def write(optimizer: Any, rate: Any) -> None:
        say_modern("optimizer.lr", "optimizer.learning_rate")
        optimizer.learning_rate = rate

    return property(read, write, doc="The older name of `learning_rate`.")


def settable(weights: property, trainable: bool) -> property:
    """Return the property of a layer's weights that can be set, as in Keras 1."""

    def add(layer: Any, variables: Iterable[Any]) -> None:
        say_modern("layer.trainable_weights = [...]", "layer.add_weight(...)")
        known = {id(variable) for variable in layer.weights}
        for variable in variables:
            variable.trainable = trainable
            if id(variable) not in known:
                layer._own_weights.append(variable)

    return weights.setter(add)


def get_updates(optimizer: Any, *args: Any, **kwargs: Any) -> list[Any]:
    """Return the step that makes a symbolic loss smaller, for ``K.function(updates=)``.

    ``get_updates(loss, params)``, or ``get_updates(params, constraints, loss)``.
    """
    return importlib.import_module("keratorch.compat.training.steps").get_updates(
        optimizer, *args, **kwargs
    )


def minimize(
    optimizer: Any,
    loss: Any,
    var_list: Any = None,
    grad_loss: Any = None,
    name: str | None = None,
    tape: Any = None,
) -> Any:
    """Make a loss smaller by one update, and return the number of updates.

    Parameters
    ----------
    loss : function without arguments that returns the loss, or the loss that a `tape`
        recorded.
    var_list : variables, or a function that returns them.
    grad_loss : the gradient that arrives at the loss; default 1.

    Raises
    ------
    ValueError : no variables, or a loss that is no function, without a tape.
    """
    room = importlib.import_module("keratorch.compat.tf.eager.minimizing")
    return room.minimize(optimizer, loss, var_list, grad_loss, tape)


def compute_gradients(
    optimizer: Any,
    loss: Any,
    var_list: Any = None,
    tape: Any = None,
    grad_loss: Any = None,
) -> list[tuple[Any, Any]]:
    """Return pairs of gradients and variables, for `apply_gradients`.

    The parameters are those of `minimize`.
    """
    room = importlib.import_module("keratorch.compat.tf.eager.minimizing")
    method = "compute_gradients"
    return room.compute_gradients(method, loss, var_list, grad_loss, tape)


MODEL_METHODS: dict[str, Callable[..., Any]] = {
    "fit_generator": fit_generator,
    "evaluate_generator": evaluate_generator,
    "predict_generator": predict_generator,
    "predict_classes": predict_classes,
    "predict_proba": predict_proba,
    "test": test,
    "to_yaml": to_yaml,
    **{
        f"{start}make_{what}_function": make_predict_function
        for start in ("", "_")
        for what in ("predict", "train", "test")
    },
}
LAYER_METHODS: dict[str, Callable[..., Any]] = {
    "add_variable": add_variable,
    "get_input": get_input,
    "get_output": get_output,
    **numbered_calls.METHODS,
    "reset_states": reset_states,
}
OPTIMIZER_ATTRIBUTES = {
    "compute_gradients": compute_gradients,
    "lr": _learning_rate(),
    "get_updates": get_updates,
    "minimize": minimize,
}
