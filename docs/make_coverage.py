"""Write coverage.md: what of NumPy is differentiable, read off the registry.

python docs/make_coverage.py
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import keratorch.grads
from keratorch import Grad, registry

PLACE = Path(__file__).with_name("coverage.md")
ROOMS = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft}

# Why functions that are not in the registry are not: by room of NumPy, or by name.
REASONS = {
    "writes into its argument; use `x.at[index]` or `np.where`": (
        "copyto fill_diagonal place put put_along_axis putmask"
    ),
    "for integers and booleans": (
        "bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not "
        "bitwise_or bitwise_right_shift bitwise_xor gcd invert lcm left_shift packbits "
        "right_shift unpackbits ravel_multi_index unravel_index"
    ),
    "for dates and text": (
        "busday_count busday_offset datetime_as_string datetime_data is_busday isnat"
    ),
    "for files: save `x.numpy()`": "save savetxt savez savez_compressed",
    "for sets and histograms: which elements there are does not change smoothly": (
        "in1d intersect1d setdiff1d setxor1d union1d unique_all unique_counts "
        "unique_inverse unique_values histogram2d histogramdd "
        "histogram_bin_edges"
    ),
}
WHY = {name: why for why, names in REASONS.items() for name in names.split()}
MISSING = "no: a `TypeError` says which `Grad` to write"


# Where a gradient ends without a function of NumPy being asked, or seems to: examples
# with `y` and `s`, of shapes (3,) and (), what becomes of it, what to write instead.
ENDS = {
    "the value alone, as asked for": (
        "float(s)",
        "int(s)",
        "s.item()",
        "y.tolist()",
        "y.numpy()",
        "y.detach()",
        "f'{s:.3f}'",
        "s > 0",
    ),
    "the value alone; an error where a transform or `backward` records. "
    "Instead: `np.sin(s)`, `np.sum(y)`, `np.mean(y)`": (
        "math.sin(s)",
        "math.fsum(y)",
        "statistics.fmean(y)",
        "np.float64(s)",
    ),
    "the value alone; an error where a transform or `backward` records. "
    "Instead: `np.stack([...])`, `np.array([...], like=s)`, `x.at[0].set(s)`": (
        "np.zeros(3).__setitem__(0, s)",
        "np.zeros(3).fill(s)",
        "np.fromiter(y, float)",
    ),
    "a `TypeError`. Instead: `np.array([...], like=s)`, `np.stack([...])`, "
    "`np.concatenate([...])`, `np.ones(3) * s`, `x.at[:].set(y)`, `np.dot(x, y)`, "
    "a function of NumPy in place of one of numbers": (
        "np.array([s, 1.0])",
        "np.sum([s, 1.0])",
        "np.r_[y, 1.0]",
        "np.c_[y, y]",
        "np.full(3, s)",
        "np.zeros(3).__setitem__(slice(None), y)",
        "np.ones(3).dot(y)",
        "np.asarray(y)",
        "np.vectorize(math.sin)(y)",
        "np.nditer(y)",
        "np.add(y, 1, out=np.zeros(3))",
    ),
    "it keeps its gradient": (
        "list(y)[0]",
        "sum([s, s * s])",
        "max(s, 0.1)",
        "abs(s)",
        "np.ones(3) @ y",
        "np.array([s, 1.0], like=s)",
        "np.stack([s, 1.0])",
        "np.apply_along_axis(np.sum, 0, y)",
        "np.piecewise(y, [y < 0.5], [np.sin, np.cos])",
        "np.array([s, s], like=s).reshape(1, 2)",
    ),
}


def numpy_functions() -> Iterator[tuple[str, object]]:
    """Yield names and functions of NumPy that an array of another kind may answer."""
    for room, module in ROOMS.items():
        for name in sorted(dir(module), key=str.lower):
            function = getattr(module, name)
            dispatched = type(function).__name__ == "_ArrayFunctionDispatcher"
            if not name.startswith("_") and (
                isinstance(function, np.ufunc) or dispatched
            ):
                yield f"{room}.{name}", function
    for ufunc in (np.add, np.multiply, np.subtract, np.true_divide, np.power):
        yield from methods_of(ufunc)
    for ufunc in (np.maximum, np.minimum):
        yield from methods_of(ufunc)
    for name in ("__getitem__", "__setitem__", "astype", "copy", "flatten"):
        yield f"np.ndarray.{name}", getattr(np.ndarray, name)


def methods_of(ufunc: np.ufunc) -> Iterator[tuple[str, object]]:
    """Yield names and methods of a ufunc, as far as they are differentiable."""
    for name in ("reduce", "accumulate", "reduceat", "outer", "at"):
        method = getattr(ufunc, name)
        if method in registry.derivatives or method in registry.compositions:
            yield f"np.{ufunc.__name__}.{name}", method


def status(name: str, function: object) -> str:
    """Return whether a function is differentiable, and by what, or why not."""
    if function in registry.constants:
        return "its result carries no gradient: a plain array"
    why = WHY.get(name.rpartition(".")[2])
    if why:
        return f"no: {why}"
    if function in registry.derivatives:
        return f"any order: `{registry.derivatives[function].__name__}`"  # type: ignore[index]
    if function in registry.compositions:
        composition = registry.compositions[function]  # type: ignore[index]
        return f"any order: composed in `{composition.__module__.rpartition('.')[2]}`"
    return MISSING


def own_operations() -> Iterator[type[Grad]]:
    """Yield the Grad classes that differentiate no single function of NumPy."""
    for module in pkgutil.iter_modules(keratorch.grads.__path__, "keratorch.grads."):
        for cls in vars(importlib.import_module(module.name)).values():
            is_grad = inspect.isclass(cls) and issubclass(cls, Grad)
            if (
                is_grad
                and cls.__module__ == module.name
                and cls.of is None
                and not inspect.isabstract(cls)
                and not cls.__name__.startswith("_")
            ):
                yield cls


def table() -> str:
    """Return the whole page."""
    rows = [(name, status(name, f)) for name, f in numpy_functions()]
    differentiable = sum(text.startswith("any order") for _, text in rows)
    lines = [
        "# What is differentiable",
        "",
        "Written by `docs/make_coverage.py` from the registry. Each entry is held to",
        "NumPy's values and to finite differences, to second order, by",
        "`tests/test_every_grad.py`; derivatives of any order follow, since each",
        "`backward` is made of differentiable functions.",
        "",
        f"Of the {len(rows)} functions of NumPy that can be asked to differentiate,",
        f"{differentiable} are differentiable.",
        "",
        "| function | differentiable? |",
        "| --- | --- |",
        *[f"| `{name}` | {text} |" for name, text in rows],
        "",
        "Operations of our own, all differentiable to any order:",
        "",
        "| class | what it computes |",
        "| --- | --- |",
        *[
            f"| `{cls.__module__.rpartition('.')[2]}.{cls.__name__}` | {summary(cls)} |"
            for cls in own_operations()
        ],
    ]
    return "\n".join([*lines, *ends()]) + "\n"


def ends() -> list[str]:
    """Return the lines that say where a gradient ends."""
    return [
        "",
        "Where a gradient ends, for `y` of shape `(3,)` and `s` of shape `()` that",
        "want one:",
        "",
        "| expression | what it gives |",
        "| --- | --- |",
        *[
            f"| {', '.join(f'`{code}`' for code in examples)} | {what} |"
            for what, examples in ENDS.items()
        ],
    ]


def summary(cls: type) -> str:
    """Return the first paragraph of a docstring on one line, fit for a table."""
    paragraph = (cls.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


if __name__ == "__main__":
    PLACE.write_text(table(), encoding="utf-8")
    print(f"wrote {PLACE}")
