"""Devices: here one, the processor, on whose threads one process computes."""

from __future__ import annotations

from typing import Any

from keratorch.refused import refused

__all__ = [
    "DataParallel",
    "DeviceMesh",
    "LayoutMap",
    "ModelParallel",
    "TensorLayout",
    "distribute_tensor",
    "distribution",
    "get_device_count",
    "initialize",
    "list_devices",
    "set_distribution",
]

_REASON = (
    "there is one device, cpu:0, and nothing to spread: one process computes on the "
    "threads of keratorch.config.set_num_threads(n). Leave it out."
)
DataParallel = refused("distribution.DataParallel", _REASON)
DeviceMesh = refused("distribution.DeviceMesh", _REASON)
LayoutMap = refused("distribution.LayoutMap", _REASON)
ModelParallel = refused("distribution.ModelParallel", _REASON)
TensorLayout = refused("distribution.TensorLayout", _REASON)


def list_devices(device_type: str | None = None) -> list[str]:
    """Return the names of the devices of a type: the processor's.

    Parameters
    ----------
    device_type : 'cpu', 'gpu' or 'tpu'; None for all.

    Raises
    ------
    ValueError : another type.

    Examples
    --------
    >>> list_devices(), list_devices("gpu")
    (['cpu:0'], [])
    """
    if device_type is None or str(device_type).lower() == "cpu":
        return ["cpu:0"]
    if str(device_type).lower() not in ("gpu", "tpu"):
        raise ValueError(
            "list_devices: device_type must be 'cpu', 'gpu', 'tpu' or None; received "
            f"{device_type!r}."
        )
    return []


def get_device_count(device_type: str | None = None) -> int:
    """Return the number of devices of a type.

    Examples
    --------
    >>> get_device_count("cpu"), get_device_count("gpu")
    (1, 0)
    """
    return len(list_devices(device_type))


def distribution() -> None:
    """Return how arrays are spread over devices: not at all.

    Examples
    --------
    >>> distribution() is None
    True
    """


def set_distribution(value: None) -> None:
    """Spread arrays over devices: None, for not at all, is all that there is.

    Raises
    ------
    NotImplementedError : another value.

    Examples
    --------
    >>> set_distribution(None)
    """
    if value is not None:
        raise NotImplementedError(f"distribution.set_distribution: {_REASON}")


def initialize(
    job_addresses: str | None = None,
    num_processes: int | None = None,
    process_id: int | None = None,
) -> None:
    """Begin to compute with several processes: with one, there is nothing to begin.

    Raises
    ------
    NotImplementedError : addresses of other processes, or more than one process.

    Examples
    --------
    >>> initialize(num_processes=1, process_id=0)
    """
    others = num_processes is not None and num_processes != 1
    if job_addresses is not None or others or process_id not in (None, 0):
        raise NotImplementedError(f"distribution.initialize: {_REASON}")


def distribute_tensor(tensor: Any, layout: Any) -> Any:
    """Spread an array over devices.

    Raises
    ------
    NotImplementedError : always, for there is one device.

    Examples
    --------
    >>> import numpy as np
    >>> distribute_tensor(np.ones(3), None)
    Traceback (most recent call last):
    NotImplementedError: distribution.distribute_tensor: there is one device, ...
    """
    raise NotImplementedError(f"distribution.distribute_tensor: {_REASON}")
