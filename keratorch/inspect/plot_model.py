"""Drawings of models: `plot_model` writes one, `model_to_dot` returns it."""

from __future__ import annotations

import os
import sys
from typing import Any

from keratorch.inspect.drawing import Drawing
from keratorch.inspect.model_diagram import Shown, model_diagram


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float | None = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
) -> Drawing:
    """Return the drawing of a model.

    Parameters
    ----------
    model : Model; one that is a subclass with a ``call`` of its own is a single box,
        since only data show how its layers are joined.
    show_shapes, show_dtype : bool, whether boxes say the shapes of inputs and outputs,
        and the dtype of outputs.
    show_layer_names : bool, whether they say names beside classes.
    rankdir : 'TB' (from top to bottom), 'LR' (from left to right), 'BT' or 'RL'.
        Others mean 'TB', as in Keras, with a warning.
    expand_nested : bool, whether models inside the model show their layers.
    dpi : float, pixels per inch of a PNG; None: 96, as of Graphviz.
    subgraph : False; a nested model is drawn by `expand_nested`.
    show_layer_activations, show_trainable : bool, whether boxes say these.
    splines : how Graphviz draws arrows; KeraTorch's own drawings bend them.

    Returns
    -------
    Drawing : shown by notebooks, with `to_string`, `create`, `to_svg` and `save`.

    Examples
    --------
    >>> import keratorch as keras
    >>> from keratorch.inspect import model_to_dot
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="d")])
    >>> "d" in model_to_dot(model).to_string()
    True
    """
    if subgraph:
        raise ValueError(
            "model_to_dot: subgraph=True is not supported. Draw a nested model by "
            "expand_nested=True."
        )
    shown = Shown(
        show_shapes,
        show_dtype,
        show_layer_names,
        show_layer_activations,
        show_trainable,
        expand_nested,
        rankdir,
        splines,
    )
    return Drawing(model_diagram(model, shown), dpi)


def plot_model(
    model: Any,
    to_file: Any = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float | None = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
) -> Any:
    """Draw a model into a file.

    Parameters
    ----------
    model : Model.
    to_file : path ending in .svg or .dot; or .png, .jpg, .pdf or .eps, for which
        ``pip install "keratorch[plot]"`` is needed.
    show_shapes, show_dtype, ..., splines : see `model_to_dot`.

    Returns
    -------
    The drawing for a notebook where there is one, else None.

    Raises
    ------
    ValueError : a name with another ending.
    ImportError : another file than .svg and .dot without matplotlib.
    """
    drawing = model_to_dot(
        model,
        show_shapes=show_shapes,
        show_dtype=show_dtype,
        show_layer_names=show_layer_names,
        rankdir=rankdir,
        expand_nested=expand_nested,
        dpi=dpi,
        show_layer_activations=show_layer_activations,
        show_trainable=show_trainable,
        splines=splines,
    )
    path = os.fspath(to_file)
    drawing.save(path if os.path.splitext(path)[1] else f"{path}.png")
    return drawing if "ipykernel" in sys.modules else None
