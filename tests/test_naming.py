import pytest

from keratorch.naming import auto_name, reset_names, to_snake_case


@pytest.mark.parametrize(
    ("name", "snake"),
    # Keras 3.15: keras.src.utils.naming.to_snake_case
    [
        ("Dense", "dense"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("LSTM", "lstm"),
        ("SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"),
        ("ReLU", "re_lu"),
        ("my metric", "mymetric"),
    ],
)
def test_snake_case_is_that_of_keras(name, snake):
    assert to_snake_case(name) == snake


def test_names_are_numbered_from_the_second_on():
    reset_names()
    assert [auto_name("MyThing") for _ in range(3)] == [
        "my_thing",
        "my_thing_1",
        "my_thing_2",
    ]
    reset_names()
    assert auto_name("MyThing") == "my_thing"
