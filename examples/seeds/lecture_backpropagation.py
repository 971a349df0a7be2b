"""PyTorch lecture 4, back-propagation: a line through three points.

The model is ``y = x * w`` with a single weight, the loss of a sample is
``(y - y_pred)**2``, and after each sample the weight takes a step of 0.01 against its
gradient.  The data follow ``y = 2 * x``, so the prediction for 4 must go to 8.

    python lecture_backpropagation.py
"""

import argparse

import numpy as np

from keratorch import GradArray, no_grad

X_DATA = np.array([1.0, 2.0, 3.0], "float32")
Y_DATA = np.array([2.0, 4.0, 6.0], "float32")


def forward(x, w):
    return x * w


def loss_of(x, y, w):
    y_pred = forward(x, w)
    return (y - y_pred) ** 2


def train(w, epochs, shown):
    """Update `w` after each sample; return the gradient and the weight of each step."""
    gradients, weights = [], []
    for epoch in range(1, epochs + 1):
        for x, y in zip(X_DATA, Y_DATA, strict=True):
            loss = loss_of(x, y, w)  # 1. forward
            loss.backward()  # 2. backward
            gradients.append(w.grad.item())
            with no_grad():
                w -= 0.01 * w.grad  # 3. update
            w.grad = None
            weights.append(w.item())
        if epoch in shown:
            steps = "  ".join(f"{gradient:9.2e}" for gradient in gradients[-3:])
            print(f"{epoch:5d}  {steps}  {w.item():9.6f}  {loss.item():9.2e}")
    return gradients, weights


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="print the first and last epoch only"
    )
    options = parser.parse_args(arguments)
    shown = {1, 100} if options.quick else {1, 2, 3, 5, 10, 20, 50, 100}

    w = GradArray([1.0], "float32", name="w")
    before = forward(4.0, w).item()
    print(f"Prediction for 4 before training: {before:.4f}\n")
    print("epoch  gradients at x = 1, 2, 3                 w       loss")
    gradients, weights = train(w, 100, shown)
    after = forward(4.0, w).item()
    print(f"\nPrediction for 4 after training: {after:.4f}")
    return {
        "before": before,
        "after": after,
        "gradients": gradients,
        "weights": weights,
    }


if __name__ == "__main__":
    main()
