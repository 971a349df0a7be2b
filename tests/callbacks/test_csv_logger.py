import numpy as np
import pytest

from keratorch.callbacks import CallbackList, CSVLogger


def log(callback, *epochs):
    callbacks = CallbackList([callback])
    callbacks.on_train_begin()
    for epoch, logs in enumerate(epochs):
        callbacks.on_epoch_end(epoch, logs)
    callbacks.on_train_end()


def test_what_is_missing_is_not_available_and_what_is_new_is_left_out(tmp_path):
    path = tmp_path / "log.csv"
    log(CSVLogger(path), {"b": 1, "a": 2.5}, {"a": 3, "c": 4, "val_a": 5})
    lines = path.read_bytes().split(b"\r\n")
    assert lines == [
        b"epoch,a,b,val_a,val_b",
        b"0,2.5,1.0,NA,NA",
        b"1,3.0,NA,5.0,NA",
        b"",
    ]


def test_values_of_several_numbers_are_lists_in_quotation_marks(tmp_path):
    path = tmp_path / "log.csv"
    log(CSVLogger(str(path)), {"val_a": np.array([1, 2]), "val_b": "text"})
    assert path.read_text().splitlines()[1] == '0,"""[1, 2]""",text'


def test_a_file_that_is_there_is_continued_without_a_second_heading(tmp_path):
    path = tmp_path / "log.csv"
    for _ in range(2):
        log(CSVLogger(path, separator="\t", append=True), {"val_a": 1})
    assert path.read_text().splitlines() == ["epoch\tval_a", "0\t1.0", "0\t1.0"]
    log(CSVLogger(path), {"val_a": 1})
    assert path.read_text().splitlines() == ["epoch,val_a", "0,1.0"]


def test_a_line_is_there_as_soon_as_the_epoch_ends(tmp_path):
    path = tmp_path / "log.csv"
    callback = CSVLogger(path)
    callback.on_train_begin()
    callback.on_epoch_end(0, {"val_a": 1.0})
    assert path.read_text().splitlines() == ["epoch,val_a", "0,1.0"]
    callback.on_train_end()
    assert callback.csv_file.closed


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        log(CSVLogger(tmp_path / "none" / "log.csv"), {})
