"""Axes rearranged as a pattern says."""

import numpy as np
import pytest

from keratorch import ops


@pytest.mark.parametrize(
    "pattern, lengths, shape",
    [
        ("b h w c -> b c h w", {}, (2, 3, 6, 4)),
        ("b h w c -> (b h) w c", {}, (12, 4, 3)),
        ("b (h1 h) (w1 w) c -> (b h1 w1) h w c", {"h1": 2, "w1": 2}, (8, 3, 2, 3)),
        ("b (h h1) w c -> b h w (c h1)", {"h1": 3, "h": 2}, (2, 2, 4, 9)),
    ],
)
def test_pattern_rearranges(pattern, lengths, shape):
    assert ops.rearrange(np.zeros((2, 6, 4, 3)), pattern, **lengths).shape == shape


def test_pattern_keeps_the_order_within_brackets():
    x = np.arange(6).reshape(2, 3)
    assert ops.rearrange(x, "a b -> (b a)").tolist() == x.T.ravel().tolist()


@pytest.mark.parametrize(
    "pattern, lengths, message",
    [
        ("a b", {}, "one '->'"),
        ("a b -> a", {}, "once on both sides"),
        ("a a -> a a", {}, "once on both sides"),
        ("a b c -> a b c", {}, r"3 axes; received shape \(4, 6\)"),
        ("a (b c) -> a b c", {}, "the axis 'b c'"),
        ("a (b c) -> a b c", {"b": 4}, "does not fit the length 6"),
        ("a ... -> a ...", {}, "made of names"),
    ],
)
def test_pattern_that_does_not_fit_is_named(pattern, lengths, message):
    with pytest.raises(ValueError, match=message):
        ops.rearrange(np.zeros((4, 6)), pattern, **lengths)
