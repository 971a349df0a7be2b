"""The examples on texts and series learn what their pages promise, in a short run."""

import importlib.util
import re

import numpy as np

from .example_runs import EXAMPLES, is_picture, needs_matplotlib, run_example


def example(name):
    """Return an example as a module, without running it."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def number(pattern, output):
    return float(re.search(rf"{pattern} *:? *(\d+\.\d+)", output)[1])


def test_imdb_style_text_needs_the_order_of_the_words(tmp_path):
    output = run_example("imdb_style_text.py", tmp_path, "--quick")
    assert 0.65 <= number("mean of the words  test accuracy", output) <= 0.85
    assert number("LSTM +test accuracy", output) >= 0.95


def test_imdb_style_text_has_kind_and_unkind_reviews_of_the_same_words():
    generator = np.random.default_rng(0)
    texts, labels = example("imdb_style_text").reviews(3_000, generator)
    kind, unkind = (
        {
            tuple(sorted(re.findall(r"\w+", text.lower())))
            for text in texts[labels == label]
        }
        for label in (1, 0)
    )
    assert kind & unkind


def test_char_lstm_learns_letters_without_network_and_cache(tmp_path):
    output = run_example("char_lstm.py", tmp_path, "--quick")
    guess = number("frequency of the characters alone", output)
    assert number("test loss", output) < guess - 0.4
    assert len(output.split("\nROMEO:\n")[-1].rstrip("\n")) > 150


@needs_matplotlib
def test_time_series_beats_both_simple_forecasts(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example("time_series.py", tmp_path, "--quick", "--output", picture)
    assert number("as last year", output) == 10.5
    assert number("last year, grown", output) == 5.5
    assert number("mean of the networks", output) < 5.5
    assert is_picture(picture)


@needs_matplotlib
def test_time_series_starts_as_the_seasonal_naive_forecast():
    module = example("time_series")
    past = np.random.default_rng(0).normal(5, 1, (3, 24)).astype("float32")
    forecast = module.make_model().predict(past, verbose=0)
    np.testing.assert_allclose(forecast, past[:, 12:], rtol=1e-6)


@needs_matplotlib
def test_transformer_needs_positions_to_know_the_last_value(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example(
        "transformer_classifier.py", tmp_path, "--quick", "--output", picture
    )
    assert number("without positions  test accuracy", output) <= 0.75
    assert number("with positions +test accuracy", output) >= 0.9
    assert is_picture(picture)


@needs_matplotlib
def test_programs_print_the_last_value_of_their_variable():
    texts, answers = example("transformer_classifier").programs(
        50, 12, np.random.default_rng(0)
    )
    for text, answer in zip(texts, answers, strict=True):
        *assignments, question = text.split()
        variables = dict(assignment.split("=") for assignment in assignments)
        assert int(variables[question[0]]) == answer
