"""PyTorch's tutorial on automatic differentiation, in KeraTorch.

A layer ``z = x @ w + b`` and its loss form a directed acyclic graph: its leaves are the
inputs, its root is the loss.  The program looks at who made each value, walks the graph
back to the gradients of ``w`` and ``b``, and shows when no graph is made: inside
`no_grad`, after `detach`, for frozen parameters.

    python autograd_tutorial.py
"""

import argparse

import numpy as np

import keratorch as keras
from keratorch import GradArray, no_grad


def parameters():
    w = GradArray(keras.random.normal((5, 3), seed=1), name="w", requires_grad=True)
    b = GradArray(keras.random.normal((3,), seed=2), name="b", requires_grad=True)
    return w, b


def gradients_of_a_layer():
    x = np.ones(5, "float32")  # input
    y = np.zeros(3, "float32")  # expected output
    w, b = parameters()
    z = np.matmul(x, w) + b
    loss = keras.losses.binary_crossentropy(y, z, from_logits=True)

    print("Each result knows the operation that made it")
    print(f"  z    was made by {type(z.grad_op).__name__}")
    print(f"  loss was made by {type(loss.grad_op).__name__}")
    print(f"  loss = {loss.item():.6f}")

    loss.backward()

    print("Gradients, the same as PyTorch's")
    print(f"  w.grad =\n{w.grad}")
    print(f"  b.grad = {b.grad}")
    return {
        "z.grad_op": type(z.grad_op).__name__,
        "loss.grad_op": type(loss.grad_op).__name__,
        "w": w.numpy(),
        "b": b.numpy(),
        "loss": loss.item(),
        "w.grad": w.grad,
        "b.grad": b.grad,
    }


def without_a_graph():
    x = np.ones(5, "float32")
    w, b = parameters()
    recorded = np.matmul(x, w) + b
    with no_grad():
        unrecorded = np.matmul(x, w) + b
    detached = recorded.detach()

    print("When nothing is recorded")
    print(f"  z.requires_grad              : {recorded.requires_grad}")
    print(f"  z.requires_grad in no_grad() : {unrecorded.requires_grad}")
    print(f"  z.detach().requires_grad     : {detached.requires_grad}")

    w.requires_grad = False  # a frozen parameter
    (np.matmul(x, w) + b).sum().backward()
    print(f"  frozen w.grad = {w.grad}, b.grad = {b.grad}")
    return {
        "recorded": recorded.requires_grad,
        "no_grad": unrecorded.requires_grad,
        "detach": detached.requires_grad,
        "frozen w.grad": w.grad,
        "b.grad beside it": b.grad,
    }


def graph_lines(array, depth=0):
    """Return the graph behind an array as lines, from the root to the leaves."""
    op = getattr(array, "grad_op", None)
    if op is None:
        name = array.name if isinstance(array, GradArray) else "x"
        return ["  " * depth + f"leaf {name}"]
    lines = ["  " * depth + type(op).__name__]
    for source in op._inputs:
        lines += graph_lines(source, depth + 1)
    return lines


def graph_is_rebuilt():
    w, b = parameters()
    z = np.matmul(np.ones(5, "float32"), w) + b
    again = np.matmul(np.ones(5, "float32"), w) + b

    print("The graph, from its root to its leaves; each forward pass makes a new one")
    print("\n".join(f"  {line}" for line in graph_lines(z)))
    print(f"  same operation in the next pass: {again.grad_op is z.grad_op}")
    return {"graph": graph_lines(z), "same graph": again.grad_op is z.grad_op}


def gradients_accumulate():
    x = GradArray(np.eye(4, 5, dtype="float32"))
    out = ((x + 1) ** 2).T
    out.backward(np.ones_like(out), retain_graph=True)
    first = x.grad
    out.backward(np.ones_like(out), retain_graph=True)
    second = x.grad
    x.grad = None
    out.backward(np.ones_like(out))

    print("Gradients accumulate until they are reset")
    print(f"  first call\n{first}")
    print(f"  second call\n{second}")
    print(f"  after the reset\n{x.grad}")
    return {"first": first, "second": second, "after the reset": x.grad}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out the last part")
    options = parser.parse_args(arguments)

    numbers = gradients_of_a_layer() | without_a_graph() | graph_is_rebuilt()
    return numbers if options.quick else numbers | gradients_accumulate()


if __name__ == "__main__":
    main()
