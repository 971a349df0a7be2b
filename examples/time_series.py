"""Forecast a year of airline passengers, and ask whether the network earns its keep.

A famous small series: the passengers of each month from 1949 to 1960.  They grow by
some percent a year and more in summer than in winter; logarithms turn percents into
sums.  The network reads 24 months and forecasts the next 12 as "the month a year ago,
plus": before it has learned, it *is* the seasonal naive forecast.  It learns from the
years up to 1958.  Then each of 1959 and 1960 is forecast from the two years before it.

A forecast means little without a simple one beside it.  Here are two: each month as in
the last year; and the same, grown by as much as the last year had grown.

    python time_series.py --output time_series.png

On average of 1959 and 1960 the first of these is 10.5 % off and the second 5.5 %; five
networks are 2.8 to 4.6 % off, and the mean of their forecasts 3.6 %.  That is a gain,
but two years prove little: in 1960 alone the second simple forecast is as good (3.0 and
2.9 %), and with one linear layer in the LSTM's place the mean is 3.1 % off.  About 12
seconds on one processor core.

With --quick: one network of a short training.
Needs matplotlib: pip install "keratorch[plot]"

Source of the series: Box and Jenkins (1976), Time series analysis, series G.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

import keratorch as keras
from keratorch import layers, ops

try:
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    sys.exit('This example draws with matplotlib: pip install "keratorch[plot]"')

# Thousands of passengers, a row for each year from 1949 to 1960
PASSENGERS = """
112 118 132 129 121 135 148 148 136 119 104 118
115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166
171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201
204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278
284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336
340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405
417 391 419 461 472 535 622 606 508 461 390 432
"""
FIRST_YEAR, TEST_YEARS = 1949, 2
PAST, AHEAD = 24, 12


def make_model():
    """Return a network from 24 logarithms to the 12 that follow."""
    past = keras.Input(shape=(PAST,))
    last_year = past[:, -12:]
    # Around 0, whatever the level: the network shall see the shape alone.
    x = past - ops.mean(last_year, axis=1, keepdims=True)
    x = layers.LSTM(24)(layers.Reshape((PAST, 1))(x))
    growth = layers.Dense(AHEAD, kernel_initializer="zeros", name="growth")(x)
    model = keras.Model(past, last_year + growth)
    # An absolute difference of logarithms is, nearly, an error in percent.
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mae")
    return model


def forecast_simply(years):
    """Return two forecasts of each year but the first two, from the two before it."""
    total = years.sum(axis=1, keepdims=True)
    return {
        "as last year": years[1:-1],
        "last year, grown": years[1:-1] * total[1:-1] / total[:-2],
    }


def percent_off(forecast, truth):
    return 100 * np.mean(np.abs(forecast / truth - 1))


def draw(forecasts, years, path):
    """Draw the whole series, and beside it the years that are forecast."""
    months = FIRST_YEAR + np.arange(years.size).reshape(years.shape) / 12
    test = months[-TEST_YEARS:]
    figure = Figure(figsize=(12, 5), layout="constrained")
    whole, close = figure.subplots(1, 2, width_ratios=[1, 1.25])
    for axes in (whole, close):
        axes.plot(months.ravel(), years.ravel(), "#222222", lw=2, label="passengers")
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    styles = [("#888888", ":"), ("#0b5394", "--"), ("#c2500a", "-")]
    for (name, forecast), (colour, line) in zip(forecasts.items(), styles, strict=True):
        off = percent_off(forecast, years[-TEST_YEARS:])
        lines = close.plot(test.T, forecast.T, line, color=colour)
        lines[0].set_label(f"{name}: {off:.1f} % off")
    whole.axvspan(test[0, 0], test[-1, -1], color="#c2500a", alpha=0.12, linewidth=0)
    whole.set_title("Airline passengers, in thousands a month", size=13)
    close.set_title("Each year forecast from the two before it", size=13)
    close.set(xlim=(test[0, 0] - 1, test[-1, -1] + 0.1), ylim=(280, 660))
    close.set_xticks(np.arange(test[0, 0] - 1, test[-1, -1] + 1))
    close.legend(loc="upper left", frameon=False)
    figure.savefig(path, dpi=110)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one network, 60 epochs")
    parser.add_argument("--output", type=Path, default=Path("time_series.png"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")
    networks, epochs = (1, 60) if options.quick else (5, 150)

    years = np.array(PASSENGERS.split(), float).reshape(-1, 12)
    known = np.log(years[:-TEST_YEARS]).ravel()
    following = np.lib.stride_tricks.sliding_window_view(known[PAST:], AHEAD)
    windows = keras.utils.timeseries_dataset_from_array(
        known, following, sequence_length=PAST, batch_size=16, shuffle=True, seed=1
    )
    # The years before those of the test, as rows of 24 months
    before = np.log(
        np.hstack([years[-TEST_YEARS - 2 : -2], years[-TEST_YEARS - 1 : -1]])
    )

    runs = []
    for seed in range(networks):
        keras.utils.set_random_seed(seed)
        model = make_model()
        if seed == 0:
            model.summary()
        model.fit(windows, epochs=epochs, verbose=0)
        runs.append(np.exp(model.predict(before, verbose=0)))
        off = percent_off(runs[-1], years[-TEST_YEARS:])
        print(f"network {seed + 1} of {networks}: {off:.1f} % off")

    forecasts = forecast_simply(years[-TEST_YEARS - 2 :])
    forecasts["mean of the networks"] = np.mean(runs, axis=0)
    errors = {}
    for name, forecast in forecasts.items():
        errors[name] = percent_off(forecast, years[-TEST_YEARS:])
        in_1959, in_1960 = map(percent_off, forecast, years[-TEST_YEARS:])
        print(
            f"{name:20}  {errors[name]:4.1f} % off: "
            f"{in_1959:.1f} % in 1959, {in_1960:.1f} % in 1960"
        )
    draw(forecasts, years, options.output)
    print(f"Picture: {options.output}")
    return errors


if __name__ == "__main__":
    main()
