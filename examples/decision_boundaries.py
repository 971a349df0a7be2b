"""What a hidden layer can separate: OR, XOR and two moons, in one picture.

Nine small networks, each with one hidden layer of sigmoid, tanh or relu units, learn to
tell two classes of points apart.  The picture shows which class each network sees at
every place, and the line where its decision changes.  OR needs one straight line; XOR
and the moons cannot be separated by any.  The kind of bend tells the activation:
smooth for sigmoid and tanh, corners between straight pieces for relu.

    python decision_boundaries.py --output decision_boundaries.png

Needs matplotlib: pip install "keratorch[plot]"
"""

import argparse
import sys
from pathlib import Path

import numpy as np

import keratorch as keras

try:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    sys.exit('This example draws with matplotlib: pip install "keratorch[plot]"')

# The flatter the function, the longer the steps that its weights need: the slope of a
# sigmoid is at most 1/4, that of tanh and relu reaches 1.
LEARNING_RATES = {"sigmoid": 0.1, "tanh": 0.05, "relu": 0.03}

# Blue and orange differ for colour-blind eyes too; so do circles and triangles.
CLASSES = (("#0b5394", "o"), ("#c2500a", "^"))
BACKGROUND = LinearSegmentedColormap.from_list(
    "classes", ["#86b9e3", "#c5dff3", "#fdfcfb", "#fbdcc2", "#f5b183"]
)


def corners(truth, generator, per_corner=40):
    """Return points around the corners of a square, labelled by a truth table."""
    corner = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], per_corner, axis=0)
    points = corner + generator.normal(scale=0.13, size=corner.shape)
    return points, np.repeat(truth, per_corner)


def moons(generator, per_moon=80):
    """Return two half circles that reach into each other, one class each."""
    angle = generator.uniform(0, np.pi, per_moon)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.concatenate([upper, lower])
    points += generator.normal(scale=0.1, size=points.shape)
    return points, np.repeat([0, 1], per_moon)


def fitted(points, labels, activation, epochs):
    """Return a network of one hidden layer, trained on the points, and its accuracy."""
    model = keras.Sequential(
        [
            keras.Input(shape=(2,)),
            keras.layers.Dense(24, activation=activation),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(LEARNING_RATES[activation]),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(points, labels, batch_size=40, epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(points, labels, verbose=0)
    return model, accuracy


def draw_panel(axes, model, points, labels):
    low, high = points.min(axis=0) - 0.35, points.max(axis=0) + 0.35
    x1, x2 = (np.linspace(low[i], high[i], 200) for i in (0, 1))
    plane = np.stack(np.meshgrid(x1, x2), axis=-1)
    probability = model.predict(plane.reshape(-1, 2), batch_size=40_000, verbose=0)
    probability = probability.reshape(200, 200)

    image = axes.imshow(
        probability,
        extent=(low[0], high[0], low[1], high[1]),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
        cmap=BACKGROUND,
        vmin=0,
        vmax=1,
    )
    axes.contour(x1, x2, probability, [0.5], colors="#222222", linewidths=1.6)
    for label, (colour, marker) in enumerate(CLASSES):
        x, y = points[labels == label].T
        axes.scatter(x, y, 20, colour, marker=marker, ec="white", linewidth=0.5)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    return image


def draw(problems, epochs, path):
    """Train all networks, draw them into one figure, and return their accuracies."""
    figure = Figure(figsize=(9, 9.2), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.07, h_pad=0.07)
    figure.suptitle("Decision boundaries of networks with one hidden layer", size=15)
    grid = figure.subplots(len(problems), len(LEARNING_RATES))
    accuracies = {}
    for row, (problem, (points, labels)) in zip(grid, problems.items(), strict=True):
        row[0].set_ylabel(problem, size=13)
        for axes, activation in zip(row, LEARNING_RATES, strict=True):
            model, accuracy = fitted(points, labels, activation, epochs)
            image = draw_panel(axes, model, points, labels)
            axes.set_xlabel(f"accuracy {accuracy:.1%}", size=10)
            accuracies[problem, activation] = accuracy
            print(f"{problem:9} {activation:7}  accuracy {accuracy:.3f}")
            if axes in grid[0]:
                axes.set_title(f"{activation} units", size=13)
    bar = figure.colorbar(
        image, ax=grid, orientation="horizontal", shrink=0.4, aspect=40, pad=0.02
    )
    bar.set_ticks([0, 0.5, 1], labels=["circles", "undecided", "triangles"])
    bar.outline.set_visible(False)
    figure.savefig(path, dpi=150)
    return accuracies


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="30 epochs, not 100")
    parser.add_argument("--output", type=Path, default=Path("decision_boundaries.png"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")

    keras.utils.set_random_seed(7)
    generator = np.random.default_rng(7)
    problems = {
        "OR": corners([0, 1, 1, 1], generator),
        "XOR": corners([0, 1, 1, 0], generator),
        "Two moons": moons(generator),
    }
    accuracies = draw(problems, 30 if options.quick else 100, options.output)
    print(f"Picture: {options.output}")
    return accuracies


if __name__ == "__main__":
    main()
