"""Mistakes that Keras computes on with: in scripts for Keras they are warnings.

KeraTorch raises for targets outside [0, 1], outputs that are no probabilities, NaN in
the data, a softmax over one unit, or a callback that monitors nothing. A script that
runs unchanged, by `compat.install`, has passed through Keras with them.
"""

from __future__ import annotations

import functools
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once


def warning_in_scripts(check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a check that warns where it raises a ValueError, in scripts for Keras.

    Each of its messages comes once; the check then returns None.
    """

    @functools.wraps(check)
    def lenient(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except ValueError as error:
            if not compat._finder.serves_keras:
                raise
            warn_once(f"{error} Keras computes on with it, and so does this script.")
            return None

    return lenient


def after(first: Callable[..., Any], check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a lenient check that comes behind a strict one of the same arguments."""
    lenient = warning_in_scripts(check)

    @functools.wraps(check)
    def both(*args: Any, **kwargs: Any) -> Any:
        first(*args, **kwargs)
        return lenient(*args, **kwargs)

    return both


def for_any_batch(check_targets: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of targets for models that take one size of batch only.

    It runs the model on two samples. A layer that adds ``K.random_normal((32, 2))``
    takes 32 of them: then the first step shows whether targets fit.
    """

    @functools.wraps(check_targets)
    def checked(*args: Any, **kwargs: Any) -> Any:
        layers = getattr(args[0], "layers", ())
        if any(getattr(layer, "trains_other_outputs", False) for layer in layers):
            return None
        try:
            return check_targets(*args, **kwargs)
        except ValueError as error:
            if "could not be broadcast together" not in str(error):
                raise
            return None

    return checked


def of_the_first(check_inputs: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of a layer's inputs that leaves out those without a spec.

    In Keras 1 a layer of several inputs might say what the first ones are.
    """

    @functools.wraps(check_inputs)
    def checked(spec: Any, inputs: Any, layer: str) -> Any:
        both = isinstance(spec, list) and isinstance(inputs, (list, tuple))
        if both and len(spec) < len(inputs) and dialect.is_older():
            inputs = inputs[: len(spec)]
        return check_inputs(spec, inputs, layer)

    return checked


def of_one_number(check_integer: Callable[..., int]) -> Callable[..., int]:
    """Return the check of a size that in older scripts takes what ``int`` takes.

    Keras 1 and 2 wrote ``int(units)``, so that an array or a Series of one number was
    one.
    """

    @functools.wraps(check_integer)
    def checked(layer: str, argument: str, value: Any) -> int:
        is_array = hasattr(value, "__array__") and np.size(value) == 1
        if is_array and dialect.is_older():
            number = np.asarray(value).reshape(()).item()
            if type(number) in (int, float) and np.isfinite(number):
                whole = check_integer(layer, argument, int(number))
                if not isinstance(value, np.integer):
                    warn_once(f"{layer}: {argument} is taken as {whole}, as by int().")
                return whole
        return check_integer(layer, argument, value)

    return checked


def dropping_between(check_rate: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of a rate that Keras 1 and 2 used where 0 < rate < 1 only.

    In older scripts any other number drops nothing: -0.2, 1, or 25 meant as percents.
    """

    @functools.wraps(check_rate)
    def checked(layer: str, value: Any, argument: str = "rate") -> Any:
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not number or 0 <= value < 1 or not dialect.is_older():
            return check_rate(layer, value, argument)
        warn_once(
            f"{layer}: {argument}={value} drops nothing: older versions of Keras "
            "dropped inputs where 0 < rate < 1 only, and so does this script."
        )
        return 0.0

    return checked


def noise_of_any_size(check_share: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of a standard deviation that Keras 1 and 2 did not have.

    In older scripts any number that is not negative is one.
    """

    @functools.wraps(check_share)
    def checked(layer: str, argument: str, value: Any, below_one: bool) -> Any:
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if number and value > 1 and dialect.is_older():
            return value
        return check_share(layer, argument, value, below_one)

    return checked


def by_its_truth(checked_bool: Callable[..., bool]) -> Callable[..., bool]:
    """Return the check of `trainable` that takes anything for its truth, and warns.

    Older scripts write ``trainable='False'``, a text that is true.
    """

    @functools.wraps(checked_bool)
    def checked(trainable: Any) -> bool:
        try:
            return checked_bool(trainable)
        except ValueError as error:
            if not dialect.is_older():
                raise
            truth = bool(trainable)
            warn_once(f"{error} It counts as {truth}, as it did in Keras 2.")
            return truth

    return checked
