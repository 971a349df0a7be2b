"""Windows lie where strides, padding and dilation say, and refuse what they cannot."""

import itertools

import pytest

from keratorch.kernels.windows import Windows, whole_numbers

WAYS = list(itertools.product((1, 2, 3), (1, 2, 3), (1, 2)))  # size, stride, dilation
each_way = pytest.mark.parametrize("size, stride, dilation", WAYS)


@each_way
@pytest.mark.parametrize("length", [1, 4, 7])
def test_same_gives_as_many_windows_as_strides_fit(length, size, stride, dilation):
    windows = Windows.of((length,), size, stride, "same", dilation)
    assert windows.counts((length,)) == (-(-length // stride),)
    ((before, after),) = windows.padding
    assert after - before in (0, 1)


@each_way
def test_causal_padding_lets_no_window_see_what_comes_after_it(size, stride, dilation):
    windows = Windows.of((7,), size, stride, "causal", dilation)
    ends = [i * stride for i in range(*windows.counts((7,)))]
    last = [
        (outs[1], ins[1]) for (k,), outs, ins in windows.taps((7,)) if k + 1 == size
    ]
    assert [list(range(7))[ins] for _, ins in last] == [ends]


@each_way
@pytest.mark.parametrize("padding", ["valid", "same", 2, [(3, 0)], [(-1, 2)]])
def test_taps_are_the_elements_of_each_window_inside_the_input(
    padding, size, stride, dilation
):
    windows = Windows.of((6,), size, stride, padding, dilation)
    (before, _), *_ = windows.padding
    seen = set()
    for (k,), (_, outs), (_, ins) in windows.taps((6,)):
        (count,) = windows.counts((6,))
        pairs = zip(list(range(count))[outs], list(range(6))[ins], strict=True)
        seen |= {(i, k, where) for i, where in pairs}
    expected = {
        (i, k, i * stride + k * dilation - before)
        for i in range(*windows.counts((6,)))
        for k in range(size)
    }
    assert seen == {tap for tap in expected if 0 <= tap[2] < 6}


@pytest.mark.parametrize("padding", [1, (1, 1), [(1, 1), (1, 1)], [1, (1, 1)]])
def test_padding_may_be_a_number_numbers_or_pairs(padding):
    assert Windows.of((4, 4), 3, 1, padding).padding == ((1, 1), (1, 1))


def test_words_are_read_in_any_case():
    assert Windows.of((4,), 3, 1, "SAME") == Windows.of((4,), 3, 1, "same")


@each_way
@pytest.mark.parametrize("padding", ["valid", "same", 1, [(0, 2)]])
def test_convolution_of_a_transposed_one_has_the_lengths_of_its_input(
    padding, size, stride, dilation
):
    for extra in [None, *range(stride)]:
        try:
            windows, larger = Windows.transposed(
                (5,), (size,), stride, padding, extra, dilation
            )
        except ValueError as error:
            assert "empty" in str(error)
        else:
            assert windows.counts(larger) == (5,)


def test_transposed_same_multiplies_the_lengths_by_the_strides():
    for size, stride in itertools.product(range(1, 6), range(1, 6)):
        assert Windows.transposed((3,), (size,), stride, "same")[1] == (3 * stride,)


@pytest.mark.parametrize("value", [1.5, "2", True, None, (1,), (1, 2, 3), (1, 2.0)])
def test_what_is_not_a_whole_number_for_each_axis_is_refused(value):
    with pytest.raises(ValueError, match="strides must be an integer, or 2 of them"):
        whole_numbers("strides", value, rank=2)


@pytest.mark.parametrize("value", [0, -1, (1, 0)])
def test_numbers_below_one_are_refused(value):
    with pytest.raises(ValueError, match="pool_size must be at least 1; received"):
        whole_numbers("pool_size", value, rank=2)


@pytest.mark.parametrize(
    "padding", ["smae", None, 1.5, (1,), (1, 2, 3), [(1, 2, 3)] * 2]
)
def test_other_padding_is_refused(padding):
    with pytest.raises(
        ValueError, match="padding must be 'valid', 'same', 'causal', an"
    ):
        Windows.of((4, 4), 2, 1, padding)


def test_misspelt_padding_is_guessed():
    with pytest.raises(ValueError, match="Did you mean 'same'"):
        Windows.of((4,), 2, 1, "smae")


def test_causal_padding_of_images_is_refused():
    with pytest.raises(ValueError, match="'causal' is for sequences"):
        Windows.of((4, 4), 2, 1, "causal")


@pytest.mark.parametrize("lengths", [(2,), (0,)])
def test_windows_that_do_not_fit_are_refused(lengths):
    with pytest.raises(
        ValueError, match="no window fits, so the output would be empty"
    ):
        Windows.of(lengths, 2, 1, "valid", dilation_rate=2)


def test_output_padding_as_large_as_the_stride_is_refused():
    with pytest.raises(ValueError, match="output_padding must be less than the stride"):
        Windows.transposed((4,), (3,), 2, "same", 2)


def test_transposed_convolution_without_output_is_refused():
    with pytest.raises(ValueError, match=r"empty: its spatial shape is \(-1,\)"):
        Windows.transposed((1,), (3,), 1, 2)
