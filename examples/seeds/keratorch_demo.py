"""KeraTorch itself: an array, the derivatives of its operations, and a perceptron.

1. ``C = A @ B`` remembers that `MatMulGrad` made it from A and B; going back gives
   ``dL/dA = dL/dC @ B.T`` and ``dL/dB = A.T @ dL/dC``.
2. The perceptron ``y_hat = sigma(w.T x + b)`` learns OR by gradient descent on the mean
   squared error ``L = 1/N * sum((y_hat - y)**2)``, whose gradient is
   ``dL/dy_hat = 2/N * (y_hat - y)``.
3. Five traps that a small autograd falls into, and that this one must not.

The decision boundaries of OR and XOR are drawn by ``examples/decision_boundaries.py``;
MNIST is learned by ``examples/mnist_mlp.py``.

    python keratorch_demo.py
"""

import argparse

import numpy as np

import keratorch as keras
from keratorch import GradArray


def matrix_product():
    A = GradArray([[2, 3], [5, 6]], np.float32, name="A")
    B = GradArray([[3], [5]], name="B")
    C = A @ B
    print("1. A product of matrices")
    print(f"{A}, a leaf\n{C}, its value:\n{C._array}")

    C.backward(np.ones_like(C._array))
    print(f"A._grad =\n{A._grad}\nB._grad =\n{B._grad}\n")
    return {
        "A._grad_op": A._grad_op,
        "C": repr(C),
        "C._array": C._array,
        "A._grad": A._grad,
        "B._grad": B._grad,
    }


def sigma(z):
    return 1 / (1 + np.exp(-z))


def perceptron(steps, learning_rate=5.0):
    x = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], "float32")  # a column is a sample
    y = np.array([[0, 1, 1, 1]], "float32")  # OR
    w = GradArray([[0.1], [-0.1]], "float32", name="w")
    b = GradArray([[0.0]], "float32", name="b")

    print("2. A perceptron learns OR")
    losses = []
    for step in range(1, steps + 1):
        y_hat = sigma(w.T @ x + b)
        loss = ((y_hat - y) ** 2).mean()
        loss.backward()
        for parameter in (w, b):
            parameter._array -= learning_rate * parameter._grad
            parameter._grad = None
        losses.append(loss.item())
        if step in (1, 10, 100, steps):
            print(f"step {step:4d}: loss {loss.item():.6f}")

    by_hand = 2 / y.size * (y_hat._array - y)
    print(f"y_hat = {y_hat._array.round(2)}")
    print(f"dL/dy_hat by backward()         = {y_hat._grad.round(4)}")
    print(f"dL/dy_hat by 2/N * (y_hat - y)  = {by_hand.round(4)}\n")
    return {
        "losses": losses,
        "y_hat": y_hat._array,
        "dL/dy_hat": y_hat._grad,
        "2/N (y_hat - y)": by_hand,
    }


def five_traps():
    print("3. Five traps")
    x = GradArray([2.0, 3.0])
    (x * x + x).sum().backward()
    print(f"gradients accumulate: d(x*x + x)/dx at [2, 3] = {x._grad}")

    link = start = GradArray([1.0])
    for _ in range(10_000):
        link = link + 1
    link.backward()
    print(f"no recursion: 10,000 additions, gradient {start._grad}")

    table = GradArray(np.ones((2, 3)))
    table.sum(axis=1).backward(np.array([1.0, 2.0]))
    print(f"sum(axis=1): gradient of shape {table._grad.shape}")

    small = GradArray([1.0], np.float32)
    print(f"scalars do not promote: 2.0 * float32 + 1.0 is {(2.0 * small + 1.0).dtype}")

    weights = GradArray([0.0, 0.0], name="weights")
    optimizer = keras.optimizers.Adam([weights], lr=0.1)
    (weights * [1.0, 100.0]).sum().backward()
    optimizer.step()
    print(f"Adam scales each weight by its own gradient: {weights._array.round(4)}")
    return {
        "d(x*x + x)/dx": x._grad,
        "long chain": start._grad,
        "sum(axis=1)": table._grad,
        "dtype": (2.0 * small + 1.0).dtype.name,
        "Adam": weights._array,
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 steps, not 2000")
    options = parser.parse_args(arguments)

    numbers = matrix_product() | perceptron(200 if options.quick else 2000)
    return numbers | five_traps()


if __name__ == "__main__":
    main()
