"""CTC: the loss of labels without an alignment, and the labels that scores spell."""

import itertools

import numpy as np
import pytest

from keratorch import GradArray, Input, layers, losses, ops

from ..samples.ctc import spelled

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(3, 6, 4))
LABELS = [[1, 2, 0], [3, 3, 0], [2, 0, 0]]
COUNTS, STEPS = [2, 2, 1], [6, 5, 4]


def loss(logits, labels=LABELS, counts=COUNTS, steps=STEPS, **arguments):
    return ops.ctc_loss(labels, logits, counts, steps, **arguments)


def test_what_is_beyond_the_lengths_counts_for_nothing():
    other = LOGITS.copy()
    other[1, 5], other[2, 4:] = 9, -9
    labels = [[1, 2, 77], [3, 3, -1], [2, 8, 9]]
    np.testing.assert_array_equal(loss(LOGITS).numpy(), loss(other, labels).numpy())
    x = GradArray(LOGITS)
    loss(x).sum().backward()
    assert not x.grad[1, 5].any()
    assert not x.grad[2, 4:].any()


def test_half_logits_are_summed_in_single_precision():
    half = LOGITS.astype(np.float16)
    exact = loss(half.astype(np.float64)).numpy()
    out = loss(half)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out.numpy(), exact, rtol=1e-6)
    for strategy in ("greedy", "beam_search"):
        _, scores = ops.ctc_decode(half, STEPS, strategy)
        assert scores.dtype == np.float32


def test_probabilities_of_all_labellings_sum_to_one():
    logits = RNG.normal(size=(1, 3, 3))
    total = 0.0
    for n in range(4):
        for labels in itertools.product([1, 2], repeat=n):
            row = np.array([labels], int).reshape(1, n)
            total += np.exp(-float(loss(logits, row, [n], [3])))
    assert total == pytest.approx(1)


def test_too_few_steps_make_an_infinite_loss_without_gradient():
    x = GradArray(LOGITS[:2])
    out = loss(x, [[1, 1], [1, 2]], [2, 2], [2, 6])  # 1, blank, 1 needs three
    assert out.numpy()[0] == np.inf
    assert np.isfinite(out.numpy()[1])
    out.backward(np.ones(2))
    assert not x.grad[0].any()
    assert x.grad[1].any()


def test_huge_logits_and_long_sequences_stay_finite():
    logits = GradArray((RNG.normal(size=(1, 400, 5)) * 200).astype("float32"))
    out = loss(logits, RNG.integers(1, 5, (1, 60)), [60], [400])
    out.backward(np.ones(1))
    assert out.dtype == logits.grad.dtype == np.float32
    assert np.isfinite(out.numpy()).all()
    assert np.isfinite(logits.grad).all()


def test_gradient_of_each_step_sums_to_zero():
    x = GradArray(LOGITS)
    loss(x, mask_index=0).sum().backward()
    np.testing.assert_allclose(x.grad.sum(axis=-1), 0, atol=1e-12)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"labels": [[1, 4, 0]] * 3}, "labels must be integers from 0 to 3"),
        ({"labels": [[1, 0, 0]] * 3}, "mask_index=0 stands for no label"),
        ({"counts": [4, 1, 1]}, "target_length must be from 0 to 3"),
        ({"steps": [6, 0, 1]}, "output_length must be from 1 to 6"),
        ({"steps": [6, 6]}, r"shapes \(3, 3\), \(3, 6, 4\), \(3,\) and \(2,\)"),
        ({"labels": [1, 2, 3]}, "target of shape"),
        ({"mask_index": 4}, "one of the 4 classes"),
    ],
)
def test_mistake_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        loss(LOGITS, **arguments)


# Decoding


def scores(*classes):
    return np.eye(3)[list(classes)][None] * 9


def test_greedy_decoding_drops_repetitions_and_then_masks():
    labels, score = ops.ctc_decode(scores(1, 1, 0, 1, 2, 2), [6])
    assert labels.tolist() == [[[1, 1, 2, -1, -1, -1]]]
    assert score.tolist() == [[-54]]


def test_greedy_decoding_may_keep_repetitions():
    labels, _ = ops.ctc_decode(scores(1, 1, 0, 1), [3], merge_repeated=False)
    assert labels.tolist() == [[[1, 1, -1, -1]]]


def test_wide_beam_search_finds_the_best_labellings_of_all():
    logits = RNG.normal(size=(1, 4, 3))
    p = np.exp(logits[0]) / np.exp(logits[0]).sum(-1, keepdims=True)
    total = {}
    for path in itertools.product(range(3), repeat=4):
        key = tuple(spelled(path, 2))
        total[key] = total.get(key, 0) + np.prod([p[t, k] for t, k in enumerate(path)])
    best = sorted(total.items(), key=lambda item: -item[1])[:3]
    labels, found = ops.ctc_decode(
        logits, [4], "beam_search", beam_width=50, top_paths=3, mask_index=2
    )
    for rank, (labelling, probability) in enumerate(best):
        row = labels[rank, 0].tolist()
        assert tuple(k for k in row if k >= 0) == labelling
        assert found[0, rank] == pytest.approx(np.log(probability))


def test_unknown_strategy_is_named():
    with pytest.raises(ValueError, match="'greedily'. Did you mean 'greedy'"):
        ops.ctc_decode(LOGITS, STEPS, "greedily")
    with pytest.raises(ValueError, match="one sequence length per sample"):
        ops.ctc_decode(LOGITS, [6])


def test_layer_with_the_loss_inside_takes_symbolic_labels():
    labels, scores = Input((None,)), Input((4, 3))
    outputs = layers.Lambda(lambda x: losses.CTC()(x[0], x[1]))([labels, scores])
    assert outputs.shape == ()
