"""The computational graph of a GradArray as a diagram: a box for each operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.inspect.diagram import Box, Diagram
from keratorch.inspect.drawing import Drawing

_SMALL = 4  # elements of an array whose values are shown


def draw_graph(
    array: Any,
    max_nodes: int = 60,
    show_values: bool = False,
    rankdir: str = "TB",
    dpi: float = 200,
) -> Drawing:
    """Return a drawing of the operations that made an array.

    Parameters
    ----------
    array : GradArray, or a list of them.
    max_nodes : int > 0, how many operations are drawn, the newest; a box says how many
        are left out.
    show_values : bool, whether boxes show values and gradients, those of arrays with up
        to 4 elements.
    rankdir : 'TB' (from top to bottom), 'LR' (from left to right), 'BT' or 'RL'.
        Others mean 'TB', as in Keras, with a warning.
    dpi : float, pixels per inch of a PNG.

    Returns
    -------
    Drawing : shown by notebooks, with `to_svg`, `to_string` and `save`.

    Raises
    ------
    TypeError : something that is no GradArray.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> from keratorch.inspect import draw_graph
    >>> x, w = GradArray([1.0, 2.0], name="x"), GradArray([3.0, 4.0], name="w")
    >>> draw_graph((x * w).sum())
    <Drawing of 'sum(x * w)': 4 boxes>
    """
    roots = list(array) if isinstance(array, (list, tuple)) else [array]
    for root in roots:
        if not isinstance(root, GradArray):
            raise TypeError(
                f"draw_graph needs a GradArray; received a {type(root).__name__}."
            )
    if max_nodes < 1:
        raise ValueError(f"draw_graph: max_nodes must be > 0; received {max_nodes}.")
    title = ", ".join(str(root.name or "array") for root in roots)
    diagram = Diagram(title=title, direction=rankdir)
    _add_graph(diagram, roots, max_nodes, show_values)
    return Drawing(diagram, dpi)


def _add_graph(
    diagram: Diagram, roots: list[Any], max_nodes: int, show_values: bool
) -> None:
    operations = graph.newest_first(roots)
    drawn = {op._number: op for op in operations[:max_nodes]}
    ends = {root._node for root in roots}
    results = {x._node: x for x in roots}
    for op in drawn.values():
        results |= {x._node: x for x in op._inputs if isinstance(x, GradArray)}
    for op in reversed(drawn.values()):
        for i, x in enumerate(op._inputs):
            key = _key(op, i, x, drawn)
            if key not in diagram.boxes:
                diagram.boxes[key] = _input_box(x, key, len(operations), max_nodes)
                if isinstance(key, int) and key not in drawn:
                    _add_values(diagram.boxes[key], x, show_values)
            diagram.connect(key, op._number)
        box = _operation_box(op, results.get(op._number), op._number in ends)
        _add_values(box, results.get(op._number), show_values)
        diagram.boxes[op._number] = box
    for root in roots:
        if root._grad_op is None and root._node not in diagram.boxes:
            diagram.boxes[root._node] = _input_box(root, 0, 0, 0)
            _add_values(diagram.boxes[root._node], root, show_values)


def _key(op: Any, i: int, x: Any, drawn: dict[int, Any]) -> Any:
    """Return the key of the box of an operation's input."""
    if not isinstance(x, GradArray):
        return (op._number, i)  # a constant stands beside each use of it
    if x._grad_op is not None and x._node not in drawn:
        return "more"
    return x._node


def _input_box(x: Any, key: Any, count: int, max_nodes: int) -> Box:
    if key == "more":
        left_out = count - max_nodes
        return Box(f"… {left_out:,} older operations, not drawn", kind="more")
    if not isinstance(x, GradArray):
        array = np.asarray(x)
        title = f"{array.item():.6g}" if _is_number(array) else "constant"
        return Box(title, rows=_shape_rows(array) if array.ndim else [], kind="shape")
    named = x._name or type(x).__name__
    beside = "" if x._name is None else type(x).__name__
    kind = "leaf" if x.requires_grad else "shape"
    rows = _shape_rows(x._array)
    if not x.requires_grad:
        rows.append(("", "no gradient"))
    return Box(named, beside, rows, kind)


def _is_number(array: np.ndarray) -> bool:
    return array.ndim == 0 and array.dtype.kind in "biuf"


def _operation_box(op: Any, result: Any, is_end: bool) -> Box:
    rows = _shape_rows(op._output)
    if result is not None and "..." not in result.name:
        rows.insert(0, ("result", str(result.name)))
    return Box(type(op).__name__, "", rows, "root" if is_end else "operation")


def _shape_rows(array: np.ndarray) -> list[tuple[str, str]]:
    return [("shape", f"{array.shape} {array.dtype}")]


def _add_values(box: Box, x: Any, show_values: bool) -> None:
    if not show_values or not isinstance(x, GradArray) or x.size > _SMALL:
        return
    box.rows.append(("value", _short(x._array)))
    if x._grad is not None:
        box.rows.append(("grad", _short(graph.value(x._grad))))


def _short(array: np.ndarray) -> str:
    return np.array2string(array, precision=4, separator=", ").replace("\n", "")
