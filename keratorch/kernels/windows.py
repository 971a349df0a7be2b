"""Where the windows of a convolution or a pooling lie.

Along each spatial axis window ``i`` begins at ``i * stride - before``, and its elements
are ``dilation`` apart.  What it covers beyond the ends of the axis is padding.
"""

from __future__ import annotations

import itertools
import numbers
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from keratorch.errors import suggest

Taps = Iterator[tuple[tuple[int, ...], tuple[slice, ...], tuple[slice, ...]]]


class Windows(NamedTuple):
    """The windows on an input, one entry for each spatial axis."""

    size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]  # before and after; negative numbers crop
    dilation: tuple[int, ...]

    @classmethod
    def of(
        cls,
        lengths: tuple[int, ...],
        size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        dilation_rate: Any = 1,
        named: str = "kernel size",
    ) -> Windows:
        """Return the windows that lie on an input as these arguments say.

        Parameters
        ----------
        lengths : of the spatial axes of the input.
        size, strides, dilation_rate : positive int, or one for each axis.
        padding : 'valid' (none), 'same' (as many windows as elements for a stride of 1,
            the odd element of padding after), 'causal' (all before, on one axis), an
            int or one for each axis (that much on both sides), or a pair
            ``(before, after)`` for each axis.
        named : what errors call `size`.

        Raises
        ------
        ValueError : one of them is none of these, or no window fits.
        """
        rank = len(lengths)
        size = whole_numbers(named, size, rank)
        strides = whole_numbers("strides", strides, rank)
        dilation = whole_numbers("dilation_rate", dilation_rate, rank)
        spans = _spans(size, dilation)
        pairs = _pairs(padding, lengths, spans, strides)
        windows = cls(size, strides, pairs, dilation)
        for length, span, pair in zip(lengths, spans, pairs, strict=True):
            if length < 1 or length + sum(pair) < span:
                raise ValueError(
                    f"no window fits, so the output would be empty: a window spans "
                    f"{span} elements ({named}={size}, dilation_rate={dilation}), "
                    f"the input has spatial shape {lengths} with padding {pairs}. "
                    "Use padding='same', smaller windows or larger inputs."
                )
        return windows

    @property
    def spans(self) -> tuple[int, ...]:
        """The number of elements from the first to the last of a window."""
        return _spans(self.size, self.dilation)

    def counts(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many windows lie along each axis: the spatial shape of the output.

        >>> Windows.of((5, 4), 3, padding="same").counts((5, 4))
        (5, 4)
        """
        each = zip(lengths, self.padding, self.spans, self.strides, strict=True)
        return tuple(
            (length + sum(pair) - span) // stride + 1
            for length, pair, span, stride in each
        )

    def taps(self, lengths: tuple[int, ...]) -> Taps:
        """Yield for each element of a window who has it, and where it lies.

        That is ``(place, outs, ins)``: the index of the element in the window; the
        index of the windows that have it inside the input; and the index, into the
        input, of that element of each of these windows.  Both begin with the batch.

        >>> for tap in Windows.of((4,), 2, padding="same").taps((4,)):
        ...     print(*tap)
        (0,) (slice(None, None, None), slice(0, 4, 1)) (slice(None, None, None), ...
        (1,) (slice(None, None, None), slice(0, 3, 1)) (slice(None, None, None), ...
        """
        axes = [
            list(_taps_of_axis(*axis))
            for axis in zip(lengths, self.counts(lengths), *self, strict=True)
        ]
        for parts in itertools.product(*axes):
            place, outs, ins = zip(*parts, strict=True)
            yield place, (slice(None), *outs), (slice(None), *ins)

    @classmethod
    def transposed(
        cls,
        lengths: tuple[int, ...],
        size: tuple[int, ...],
        strides: Any = 1,
        padding: Any = "valid",
        output_padding: Any = None,
        dilation_rate: Any = 1,
    ) -> tuple[Windows, tuple[int, ...]]:
        """Return the windows of a transposed convolution, and its output's lengths.

        They lie on the *output*: its convolution with these windows has `lengths`.

        Parameters
        ----------
        lengths : of the spatial axes of the input.
        size, strides, dilation_rate : those of `of`.
        padding, output_padding : those of `keratorch.ops.conv_transpose`.

        Raises
        ------
        ValueError : one of them is none of these, or the output would be empty.
        """
        rank = len(lengths)
        size = whole_numbers("kernel size", size, rank)
        strides = whole_numbers("strides", strides, rank)
        dilation = whole_numbers("dilation_rate", dilation_rate, rank)
        extras = _extras(output_padding, strides)
        rule = _word(padding, ("valid", "same"))
        crops = _pairs_of_numbers(padding, rank, ("valid", "same")) if not rule else ()
        pairs, outs = [], []
        for i, span in enumerate(_spans(size, dilation)):
            stride, extra = strides[i], extras[i]
            full = (lengths[i] - 1) * stride + span
            if rule == "valid":
                before = 0
                out = full + (max(stride - span, 0) if extra is None else extra)
            elif rule == "same":
                # Keras's: less than half of the odd element is cropped before
                out = full - span + (stride if extra is None else span % 2 + extra)
                before = max((full - out) // 2, 0)
            else:
                before, after = crops[i]
                out = full - before - after + (extra or 0)
            pairs.append((before, full - before - out))
            outs.append(out)
        if min(outs) < 1 or min(lengths) < 1:
            raise ValueError(
                f"the output would be empty: its spatial shape is {tuple(outs)} for "
                f"inputs of {lengths}, padding={padding!r} and "
                f"output_padding={output_padding!r}. Use less padding."
            )
        return cls(size, strides, tuple(pairs), dilation), tuple(outs)


def _taps_of_axis(
    length: int,
    count: int,
    size: int,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
) -> Iterator[tuple[int, slice, slice]]:
    for place in range(size):
        start = place * dilation - padding[0]  # where window 0 has this element
        first = max(0, -(start // stride))  # the first window that has it inside
        stop = min(count, (length - 1 - start) // stride + 1)
        if first < stop:
            begin, end = start + first * stride, start + (stop - 1) * stride + 1
            yield place, slice(first, stop, 1), slice(begin, end, stride)


def _spans(size: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    return tuple((n - 1) * d + 1 for n, d in zip(size, dilation, strict=True))


def whole_numbers(name: str, value: Any, rank: int, least: int = 1) -> tuple[int, ...]:
    """Return an int, or a sequence of one for each spatial axis, as a tuple.

    Raises
    ------
    ValueError : it is neither, or a number is less than `least`.

    >>> whole_numbers("strides", 2, rank=3)
    (2, 2, 2)
    """
    items = (value,) * rank if _is_whole(value) else _sequence(value)
    if items is None or len(items) != rank or not all(map(_is_whole, items)):
        raise ValueError(
            f"{name} must be an integer, or {rank} of them, one for each spatial axis; "
            f"received {value!r}."
        )
    if min(items) < least:
        raise ValueError(f"{name} must be at least {least}; received {value!r}.")
    return tuple(map(int, items))


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _sequence(value: Any) -> tuple | None:
    """Return a sequence as a tuple, None if it is none."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return None
    return tuple(value)


def _pairs(
    padding: Any,
    lengths: tuple[int, ...],
    spans: tuple[int, ...],
    strides: tuple[int, ...],
) -> tuple[tuple[int, int], ...]:
    """Return the padding before and after each axis."""
    rank = len(lengths)
    rule = _word(padding, ("valid", "same", "causal"))
    if rule is None:
        return _pairs_of_numbers(padding, rank, ("valid", "same", "causal"))
    if rule == "valid":
        return ((0, 0),) * rank
    if rule == "causal":
        if rank != 1:
            raise ValueError(
                "padding='causal' is for sequences, which have one spatial axis; "
                f"received inputs with {rank}. Give a pair (before, after) for each."
            )
        return ((spans[0] - 1, 0),)
    pairs = []
    for length, span, stride in zip(lengths, spans, strides, strict=True):
        covered = (-(-length // stride) - 1) * stride + span
        total = max(covered - length, 0)
        pairs.append((total // 2, total - total // 2))
    return tuple(pairs)


def _word(padding: Any, words: tuple[str, ...]) -> str | None:
    """Return padding in small letters if it is one of the words, else None."""
    word = padding.lower() if isinstance(padding, str) else None
    return word if word in words else None


def _pairs_of_numbers(
    padding: Any, rank: int, words: tuple[str, ...]
) -> tuple[tuple[int, int], ...]:
    """Return padding that is given in numbers as a pair for each axis."""
    items = (padding,) * rank if _is_whole(padding) else _sequence(padding)
    if items is not None and len(items) == rank:
        pairs = tuple((x, x) if _is_whole(x) else _sequence(x) for x in items)
        if all(p is not None and len(p) == 2 and all(map(_is_whole, p)) for p in pairs):
            return tuple((int(before), int(after)) for before, after in pairs)  # type: ignore[misc]
    hint = f" {suggest(padding, words)}" if isinstance(padding, str) else ""
    raise ValueError(
        f"padding must be {', '.join(map(repr, words))}, an integer, or {rank} of them "
        "or of pairs (before, after), one for each spatial axis; received "
        f"{padding!r}.{hint}"
    )


def _extras(output_padding: Any, strides: tuple[int, ...]) -> tuple[int | None, ...]:
    """Return the output padding of each axis; None where a rule says it."""
    if output_padding is None:
        return (None,) * len(strides)
    extras = whole_numbers("output_padding", output_padding, len(strides), least=0)
    if any(extra >= stride for extra, stride in zip(extras, strides, strict=True)):
        raise ValueError(
            "output_padding must be less than the stride on each axis; received "
            f"output_padding={output_padding!r} and strides={strides}."
        )
    return extras
