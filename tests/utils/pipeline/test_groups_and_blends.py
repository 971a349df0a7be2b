import numpy as np
import pytest

from keratorch.utils import Dataset


def listed(dataset):
    return [np.asarray(element).tolist() for element in dataset]


def lines():
    return Dataset.from_generator(lambda: map(np.arange, (1, 2, 3, 1, 5)))


def test_groups_come_when_they_are_full_and_then_by_their_keys():
    grouped = Dataset.range(10).group_by_window(
        lambda x: x % 3, lambda key, window: window.batch(9), 3
    )
    assert listed(grouped) == [[0, 3, 6], [1, 4, 7], [2, 5, 8], [9]]
    by_key = Dataset.range(7).group_by_window(
        lambda x: x % 2,
        lambda key, window: window.batch(9),
        window_size_func=lambda key: key + 1,
    )
    assert listed(by_key) == [[0], [2], [1, 3], [4], [6], [5]]
    with pytest.raises(ValueError, match="received none"):
        Dataset.range(3).group_by_window(lambda x: 0, lambda key, window: window)


def test_buckets_hold_elements_of_similar_lengths():
    batches = lines().bucket_by_sequence_length(len, [2, 4], [2, 2, 1])
    expected = [[[0], [0]], [[0, 1, 0], [0, 1, 2]], [[0, 1, 2, 3, 4]]]
    assert sorted(listed(batches)) == sorted(expected)
    full = lines().bucket_by_sequence_length(
        len, [2, 7], [2, 9, 1], pad_to_bucket_boundary=True
    )
    assert [np.shape(batch) for batch in full] == [(2, 1), (3, 6)]
    with pytest.raises(ValueError, match="not shorter than the last boundary 2"):
        list(
            lines().bucket_by_sequence_length(
                len, [2], [2, 2], pad_to_bucket_boundary=True
            )
        )
    with pytest.raises(ValueError, match="needs 3 sizes"):
        lines().bucket_by_sequence_length(len, [2, 4], [2, 2])


def test_classes_are_resampled_to_their_shares():
    labels = np.random.default_rng(0).random(4000) < 0.1
    dataset = Dataset.from_tensor_slices((np.arange(4000), labels.astype(int)))
    for known in (None, [0.9, 0.1]):
        made = dataset.rejection_resample(lambda x, y: y, [0.5, 0.5], known, seed=1)
        kept = [int(label) for label, _ in made]
        assert 0.4 < np.mean(kept[200:]) < 0.6
        assert all(label == y for label, (_, y) in made.take(20))


def test_datasets_are_drawn_by_their_weights():
    zeros, ones = Dataset.from_tensors(0).repeat(), Dataset.from_tensors(1).repeat()
    drawn = Dataset.sample_from_datasets([zeros, ones], [0.2, 0.8], seed=1)
    values = listed(drawn.take(2000))
    assert 0.77 < np.mean(values) < 0.83 and drawn.cardinality() == -1
    assert listed(drawn.take(20)) == values[:20]
    short = Dataset.sample_from_datasets([zeros.take(3), ones.take(5)])
    assert sorted(listed(short)) == [0] * 3 + [1] * 5 and len(short) == 8
    ended = Dataset.sample_from_datasets(
        [zeros.take(2), ones], stop_on_empty_dataset=True, seed=1
    )
    assert listed(ended).count(0) == 2
    assert len(Dataset.sample_from_datasets([zeros.take(3), ones], [1.0, 0.0])) == 3
    with pytest.raises(ValueError, match="2 numbers >= 0"):
        Dataset.sample_from_datasets([zeros, ones], [1.0])


def test_datasets_are_chosen_by_number():
    choices = Dataset.from_tensor_slices([0, 1, 1, 0, 1, 1, 0])
    parts = [Dataset.range(3), Dataset.range(10, 13)]
    chosen = Dataset.choose_from_datasets(parts, choices)
    assert listed(chosen) == [0, 10, 11, 1, 12]
    chosen = Dataset.choose_from_datasets(parts, choices, stop_on_empty_dataset=False)
    assert listed(chosen) == [0, 10, 11, 1, 12, 2]
