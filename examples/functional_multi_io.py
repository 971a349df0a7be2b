"""Three inputs, two outputs: a network that reads two digits and calculates.

It sees two pictures and a sign, + or -, and gives the result of the calculation and
whether the left digit is the larger one.  Nobody ever tells it which digits it sees: it
learns to read, since that is what calculating takes.  One `reader` serves both
pictures, `loss_weights` says how much each answer counts, and inputs and targets are
given by their names.

    python functional_multi_io.py --output functional_multi_io.svg

Six epochs of 100,000 tasks with MNIST (47 seconds on one core): 95.2 % of 10,000 new
results and 98.3 % of the comparisons are right, and 97.9 % of the digits can be told
from what the reader says of them.

With --quick: a short run on the small digits that come with KeraTorch.
"""

import argparse
from pathlib import Path

import numpy as np

import keratorch as keras
from keratorch import layers

RESULTS = 28  # -9 to 18
SMALLEST = -9


def make_reader(shape):
    """Return the network that turns a picture into twenty numbers."""
    return keras.Sequential(
        [
            keras.Input(shape=shape),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(128, activation="relu"),
            layers.Dense(20, activation="tanh"),
        ],
        name="reader",
    )


def make_model(shape):
    left = keras.Input(shape=shape, name="left")
    right = keras.Input(shape=shape, name="right")
    sign = keras.Input(shape=(), dtype="int32", name="sign")

    reader = make_reader(shape)
    both = layers.Concatenate(name="both")([reader(left), reader(right)])
    x = layers.Concatenate()([both, layers.Embedding(2, 20)(sign)])
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(128, activation="relu")(x)
    result = layers.Dense(RESULTS, activation="softmax", name="result")(x)
    larger = layers.Dense(64, activation="relu")(both)
    larger = layers.Dense(1, activation="sigmoid", name="left_is_larger")(larger)

    model = keras.Model(
        inputs=[left, right, sign],
        outputs={"result": result, "left_is_larger": larger},
        name="calculator",
    )
    model.compile(
        optimizer="adam",
        loss={
            "result": "sparse_categorical_crossentropy",
            "left_is_larger": "binary_crossentropy",
        },
        loss_weights={"result": 1.0, "left_is_larger": 0.5},
        metrics={"result": ["accuracy"], "left_is_larger": ["accuracy"]},
    )
    return model


def make_tasks(images, digits, count, generator):
    """Return inputs and targets, by name, for random pairs of pictures; and as text."""
    left, right = generator.integers(len(images), size=(2, count))
    sign = generator.integers(2, size=count)
    a, b = digits[left].astype(int), digits[right].astype(int)
    inputs = {"left": images[left], "right": images[right], "sign": sign}
    targets = {
        "result": np.where(sign == 0, a + b, a - b) - SMALLEST,
        "left_is_larger": (a > b).astype("float32"),
    }
    tasks = [f"{p} {'+-'[s]} {q}" for p, s, q in zip(a, sign, b, strict=True)]
    return inputs, targets, tasks


def reading_accuracy(reader, train, test):
    """How often a test picture lies nearest to the mean of its own digit's pictures."""
    (x_train, y_train), (x_test, y_test) = train, test
    seen = reader.predict(x_train, batch_size=1000, verbose=0)
    means = np.stack([seen[y_train == digit].mean(axis=0) for digit in range(10)])
    seen = reader.predict(x_test, batch_size=1000, verbose=0)
    distances = ((seen[:, None] - means) ** 2).sum(axis=-1)
    return float(np.mean(distances.argmin(axis=1) == y_test))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    parser.add_argument("--output", type=Path, default=Path("functional_multi_io.svg"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")

    keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    dataset = keras.datasets.digits if options.quick else keras.datasets.mnist
    (x_train, y_train), (x_test, y_test) = dataset.load_data()
    white = x_train.max()
    x_train, x_test = (
        x_train.astype("float32") / white,
        x_test.astype("float32") / white,
    )

    many, few = (12_000, 2_000) if options.quick else (100_000, 10_000)
    inputs, targets, _ = make_tasks(x_train, y_train, many, generator)
    test_inputs, test_targets, tasks = make_tasks(x_test, y_test, few, generator)
    model = make_model(x_train.shape[1:])
    model.summary()
    keras.utils.plot_model(
        model, options.output, show_shapes=True, show_layer_names=True
    )
    print(f"The model as a picture: {options.output}")
    model.fit(
        inputs,
        targets,
        batch_size=128,
        epochs=6,
        validation_data=(test_inputs, test_targets),
        verbose=2,
    )

    results = model.evaluate(test_inputs, test_targets, verbose=0, return_dict=True)
    for name in ("result", "left_is_larger"):
        print(f"test accuracy of {name}: {results[f'{name}_accuracy']:.4f}")
    answers = model.predict(test_inputs, batch_size=1000, verbose=0)
    for task, answer in zip(tasks[:5], answers["result"], strict=False):
        print(f"pictures of {task}: the network says {answer.argmax() + SMALLEST}")

    # The reader is a model of its own: has it understood what digits are?
    reader = model.get_layer("reader")
    results["reading"] = reading_accuracy(reader, (x_train, y_train), (x_test, y_test))
    print(f"digits read, though never named: {results['reading']:.4f}")
    return results


if __name__ == "__main__":
    main()
