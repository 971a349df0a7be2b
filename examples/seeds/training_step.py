"""How a deep-learning library enables learning: values that know where they came from.

A neuron with one weight predicts ``w * x + b``.  Each value of the computation is a
`GradArray` that remembers the operation that made it, so ``loss.backward()`` can walk
back from the loss and tell every value how much the loss would change with it:

    x, w -> prod = x * w -> pred = prod + b -> error = pred - y_true -> loss = error**2

Then the five lines that every PyTorch-style training loop repeats do the same with a
model, a loss and an optimizer from the library, until the prediction is right.

    python training_step.py
"""

import argparse

import numpy as np

import keratorch as keras
from keratorch import GradArray


def made_by(array):
    return type(array.grad_op).__name__


def one_step_by_hand():
    x = GradArray(2.0, name="x", requires_grad=False)  # data: wants no gradient
    w = GradArray(3.0, name="w")
    b = GradArray(1.0, name="b")
    y_true = 8.0

    prod = x * w
    pred = prod + b
    error = pred - y_true
    loss = error**2

    print("Forward: from the weights to the loss")
    print(f"  prod  = x * w         = {prod.item():4}   made by {made_by(prod)}")
    print(f"  pred  = prod + b      = {pred.item():4}   made by {made_by(pred)}")
    print(f"  error = pred - y_true = {error.item():4}   made by {made_by(error)}")
    print(f"  loss  = error**2      = {loss.item():4}   made by {made_by(loss)}")
    print(f"  {loss}")

    loss.backward()

    print("Backward: how the loss changes with each value")
    print(f"  pred.grad = {pred.grad}   kept on intermediate values, too")
    print(f"  w.grad    = {w.grad}")
    print(f"  b.grad    = {b.grad}")
    print(f"  x.grad    = {x.grad}   x does not require a gradient")
    return {
        "prod": prod.item(),
        "pred": pred.item(),
        "error": error.item(),
        "loss": loss.item(),
        "pred.grad": pred.grad.item(),
        "w.grad": w.grad.item(),
        "b.grad": b.grad.item(),
        "x.grad": x.grad,
    }


def neuron():
    """Return a model of one neuron with the weights of above: w = 3 and b = 1."""
    model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1)])
    model.set_weights([[[3.0]], [1.0]])
    return model


def train(steps):
    x, y_true = np.array([[2.0]]), np.array([[8.0]])
    model = neuron()
    loss_function = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.SGD(model.parameters(), lr=0.05)

    print("Learning: five lines, again and again")
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        prediction = model(x)
        loss = loss_function(y_true, prediction)
        loss.backward()
        optimizer.step()

        losses.append(loss.item())
        if step < 5 or step == steps - 1:
            print(
                f"  step {step + 1:3d}: prediction {prediction.item():.4f}, "
                f"loss {loss.item():.6f}"
            )
    return {"losses": losses, "prediction": model(x).item()}


def train_with_frozen_weight():
    """Take one step with the kernel frozen: only the bias may learn."""
    model = neuron()
    kernel, bias = model.weights
    optimizer = keras.optimizers.SGD([kernel, bias], lr=0.05)
    kernel.requires_grad = False

    loss = keras.losses.MeanSquaredError()(np.array([[8.0]]), model(np.array([[2.0]])))
    loss.backward()
    optimizer.step()

    print("A frozen parameter: no gradient, no update")
    print(f"  w = {kernel.item()}, w.grad = {kernel.grad}")
    print(f"  b = {bias.item():.4f}, b.grad = {bias.grad}")
    return {"frozen w": kernel.item(), "frozen w.grad": kernel.grad, "b": bias.item()}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="20 steps instead of 100")
    options = parser.parse_args(arguments)

    numbers = one_step_by_hand()
    numbers |= train(steps=20 if options.quick else 100)
    return numbers | train_with_frozen_weight()


if __name__ == "__main__":
    main()
