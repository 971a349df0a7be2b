import pytest

import keratorch as keras
from keratorch import losses, metrics

pytestmark = pytest.mark.usefixtures("quiet")


def test_clones_of_metrics_have_their_configuration_and_no_state():
    def share(y_true, y_pred):
        return y_pred

    mean, top = metrics.Mean(name="size"), metrics.TopKCategoricalAccuracy(k=3)
    mean.update_state([4.0])
    found = keras.metrics.clone_metrics([mean, {"top": top}, share, "mae"])
    assert (found[0].name, float(found[0].result())) == ("size", 0.0)
    assert found[1]["top"].k == 3 and found[1]["top"] is not top
    assert found[2:] == [share, "mae"]
    assert keras.metrics.clone_metric(mean) is not mean


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("categorical_crossentropy", True),
        (losses.categorical_crossentropy, True),
        (losses.CategoricalCrossentropy(from_logits=True), True),
        (losses.LossFunctionWrapper(losses.categorical_crossentropy), True),
        ("sparse_categorical_crossentropy", False),
        (losses.BinaryCrossentropy(), False),
        (None, False),
    ],
)
def test_a_loss_is_the_crossentropy_of_one_hot_labels_or_not(loss, expected):
    assert keras.losses.is_categorical_crossentropy(loss) is expected
