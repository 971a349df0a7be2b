import warnings

import pytest

from keratorch.compat.translation import Afterwards, Left, Part, Renamed, answering


def modern(units, size=None, padding="valid"):
    return units, size, padding


OLDER = answering(
    modern,
    "Conv",
    {
        "nb_filter": Renamed("units"),
        "rows": Part("size", 0),
        "columns": Part("size", 1),
        "border_mode": Renamed("padding", {"half": "same"}),
        "gone": Left("is always so"),
    },
)


def said(function, *args, **kwargs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*args, **kwargs)
    return result, [str(warning.message) for warning in caught]


def test_an_older_argument_warns_once_and_names_the_modern_one():
    message = "Conv(nb_filter=...) is an older spelling. Write Conv(units=...)."
    assert said(OLDER, nb_filter=3) == ((3, None, "valid"), [message])
    assert said(OLDER, nb_filter=3) == ((3, None, "valid"), [])


def test_the_warning_points_to_the_line_of_the_user():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        OLDER(nb_filter=3)
    assert caught[0].filename == __file__
    assert caught[0].category is DeprecationWarning


def test_modern_arguments_pass_in_silence():
    assert said(OLDER, 3, size=2, padding="same") == ((3, 2, "same"), [])


@pytest.mark.usefixtures("quiet")
def test_parts_become_a_tuple_and_values_their_modern_words():
    given = {"nb_filter": 3, "columns": 5, "rows": 4, "border_mode": "half"}
    assert OLDER(**given, gone=1) == (3, (4, 5), "same")


@pytest.mark.usefixtures("quiet")
def test_both_names_of_one_argument_raise():
    with pytest.raises(TypeError, match=r"nb_filter and units are two names"):
        OLDER(nb_filter=3, units=3)


@pytest.mark.usefixtures("quiet")
def test_what_is_done_afterwards_is_done_to_the_object():
    def init(self):
        self.name = "made"

    def rename(self, name):
        self.name = name

    older = answering(init, "", {"name": Afterwards(rename, "x.name")})
    thing = type("Thing", (), {"__init__": older})(name="given")
    assert thing.name == "given"


def test_an_argument_that_the_function_has_today_is_left_to_it():
    assert said(answering(modern, "f", {"size": Left()}), 1, size=2)[0] == (
        1,
        2,
        "valid",
    )
