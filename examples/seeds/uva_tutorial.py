"""Introduction to PyTorch (the University of Amsterdam's tutorial 2), in KeraTorch.

First a small graph, ``y = mean((x + 2)**2 + 3)``, and its gradient.  Then the
continuous XOR: points near the corners of a square, of class 1 where exactly one
coordinate is near 1.  A network with one hidden layer of tanh learns it with batches
from a data loader, is evaluated on new points, saved, and loaded into a second network.

    python uva_tutorial.py

Writes ``xor_state.npz`` and, where matplotlib is installed, the picture of the decision
boundary ``xor_boundary.png`` into the folder given by --output.
"""

import argparse
from pathlib import Path

import numpy as np

import keratorch as keras
from keratorch import GradArray, no_grad


def gradient_of_a_small_graph():
    x = GradArray(np.arange(3, dtype="float32"), name="x", requires_grad=True)
    a = x + 2
    b = a**2
    c = b + 3
    y = c.mean()
    y.backward()
    print(f"y      = {y.item():.4f}, made by {type(y.grad_op).__name__}")
    print(f"x.grad = {x.grad}")

    refusal = None
    try:
        GradArray(np.arange(3), requires_grad=True)
    except TypeError as error:
        refusal = str(error)
    print(f"Integers have no gradient: {refusal}\n")
    return {"y": y.item(), "x.grad": x.grad, "refusal": refusal}


class XORDataset:
    """Points around (0, 0), (0, 1), (1, 0), (1, 1), and the XOR of the corner."""

    def __init__(self, size, generator, std=0.1):
        corners = generator.integers(0, 2, size=(size, 2))
        self.label = corners[:, 0] ^ corners[:, 1]
        self.data = corners + std * generator.normal(size=(size, 2))

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.data[index].astype("float32"), self.label[index].astype("float32")


class DataLoader:
    """Iterate over a dataset in batches, each time in a new order."""

    def __init__(self, dataset, batch_size, generator=None):
        self.dataset = dataset
        self.batch_size = batch_size
        self.generator = generator  # None: keep the order

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)  # rounded up

    def __iter__(self):
        order = np.arange(len(self.dataset))
        if self.generator is not None:
            self.generator.shuffle(order)
        for start in range(0, len(order), self.batch_size):
            yield self.dataset[order[start : start + self.batch_size]]


class SimpleClassifier(keras.Model):
    """One hidden layer of tanh; the output is a logit, the sigmoid is in the loss."""

    def __init__(self, num_hidden, num_outputs):
        super().__init__()
        self.linear1 = keras.layers.Dense(num_hidden)
        self.act_fn = keras.layers.Activation("tanh")
        self.linear2 = keras.layers.Dense(num_outputs)

    def call(self, inputs):
        x = self.linear1(inputs)
        x = self.act_fn(x)
        return self.linear2(x)


def train_model(model, data_loader, num_epochs):
    optimizer = keras.optimizers.SGD(model.parameters(), lr=0.1, momentum=0.9)
    loss_module = keras.losses.BinaryCrossentropy(from_logits=True)
    model.train()
    for epoch in range(1, num_epochs + 1):
        total = 0.0
        for data_inputs, data_labels in data_loader:
            preds = model(data_inputs)[:, 0]  # (batch, 1) -> (batch,)
            loss = loss_module(data_labels, preds)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch % 10 == 0:
            print(f"epoch {epoch:3d}: loss {total / len(data_loader):.4f}")


def eval_model(model, data_loader):
    model.eval()
    correct = 0
    with no_grad():
        for data_inputs, data_labels in data_loader:
            preds = model(data_inputs)[:, 0]
            correct += np.sum((preds > 0) == (data_labels == 1))
    return correct / len(data_loader.dataset)


def save_state(model, path):
    np.savez(path, *model.get_weights())


def load_state(model, path):
    with np.load(path) as state:
        model.set_weights(list(state.values()))


def draw_boundary(model, dataset, path):
    """Colour the plane by the probability of class 1, and draw the points on it."""
    # Imported here: the rest of the program does without this optional extra.
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    axis = np.linspace(-0.5, 1.5, 200, dtype="float32")
    x1, x2 = np.meshgrid(axis, axis)
    with no_grad():
        logits = model(np.stack([x1, x2], axis=-1).reshape(-1, 2)).numpy()
    probability = 1 / (1 + np.exp(-logits.reshape(x1.shape)))

    blue_to_orange = ["#86b9e3", "#c5dff3", "#fdfcfb", "#fbdcc2", "#f5b183"]
    colours = LinearSegmentedColormap.from_list("classes", blue_to_orange)
    figure = Figure(figsize=(5.6, 4.4), layout="constrained")
    axes = figure.subplots()
    plane = {"origin": "lower", "extent": (-0.5, 1.5, -0.5, 1.5)}
    image = axes.imshow(probability, cmap=colours, vmin=0, vmax=1, **plane)
    axes.contour(x1, x2, probability, [0.5], colors="#222222", linewidths=1.6)
    for label, colour, marker in ((0, "#0b5394", "o"), (1, "#c2500a", "^")):
        x, y = dataset.data[dataset.label == label].T
        axes.scatter(x, y, 22, colour, marker=marker, ec="white", lw=0.5)
    bar = figure.colorbar(image, shrink=0.6)
    bar.set_ticks([0, 0.5, 1], labels=["class 0", "undecided", "class 1"])
    bar.outline.set_visible(False)
    axes.set(title="Continuous XOR", xlabel="$x_1$", ylabel="$x_2$")
    axes.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.spines[:].set_visible(False)
    figure.savefig(path, dpi=150)


def continuous_xor(num_epochs, folder):
    keras.utils.set_random_seed(42)
    generator = np.random.default_rng(42)
    train_set = XORDataset(2500, generator)
    test_set = XORDataset(500, generator)

    model = SimpleClassifier(num_hidden=4, num_outputs=1)
    model.build((None, 2))
    train_model(model, DataLoader(train_set, 128, generator), num_epochs)
    accuracy = eval_model(model, DataLoader(test_set, 128))
    print(f"Accuracy of the model: {accuracy:.2%}")

    save_state(model, folder / "xor_state.npz")
    loaded = SimpleClassifier(num_hidden=4, num_outputs=1)
    loaded.build((None, 2))
    load_state(loaded, folder / "xor_state.npz")
    again = eval_model(loaded, DataLoader(test_set, 128))
    print(f"Accuracy after saving and loading: {again:.2%}")

    try:
        draw_boundary(loaded, test_set, folder / "xor_boundary.png")
        print(f"Decision boundary: {folder / 'xor_boundary.png'}")
    except ModuleNotFoundError:
        print('No picture without matplotlib: pip install "keratorch[plot]"')
    return {"accuracy": accuracy, "accuracy after loading": again}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="30 epochs, not 100")
    parser.add_argument("--output", type=Path, default=Path(), help="folder for files")
    options = parser.parse_args(arguments)

    numbers = gradient_of_a_small_graph()
    return numbers | continuous_xor(30 if options.quick else 100, options.output)


if __name__ == "__main__":
    main()
