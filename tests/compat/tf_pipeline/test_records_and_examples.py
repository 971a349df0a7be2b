import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf
from keratorch.compat.tf.pipeline.records import crc32c

pytestmark = pytest.mark.usefixtures("installed")

IMAGE = b"\xff\x00" * 900 + b"\x00"


def example(number):
    train = tf.train
    feature = {
        "image": train.Feature(bytes_list=train.BytesList(value=[IMAGE])),
        "n": train.Feature(int64_list=train.Int64List(value=range(-1, number))),
        "w": train.Feature(float_list=train.FloatList(value=[0.5, number])),
    }
    return train.Example(features=train.Features(feature=feature))


SPEC = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "n": tf.io.VarLenFeature(tf.int64),
    "w": tf.io.FixedLenFeature([2], tf.float32),
    "more": tf.io.FixedLenFeature([], tf.int64, default_value=7),
}


def test_checksums_are_those_of_crc_32c():
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA and crc32c(b"") == 0
    data = np.random.default_rng(0).bytes(5000)
    one_by_one = 0xFFFFFFFF
    for byte in data:
        one_by_one ^= byte
        for _ in range(8):
            one_by_one = (one_by_one >> 1) ^ (0x82F63B78 * (one_by_one & 1))
    assert crc32c(data) == one_by_one ^ 0xFFFFFFFF


def test_a_message_has_the_bytes_of_protocol_buffers():
    train = tf.train
    numbers = train.Feature(int64_list=train.Int64List(value=[1, -2]))
    message = train.Example(features=train.Features(feature={"n": numbers}))
    expected = b"\n\x16\n\x14\n\x01n\x12\x0f\x1a\r\n\x0b\x01" + b"\xfe" + b"\xff" * 8
    assert message.SerializeToString() == expected + b"\x01"
    with pytest.raises(TypeError, match="encode it"):
        train.BytesList(value=["text"])


@pytest.mark.parametrize("packed", ["", "GZIP", "ZLIB"])
def test_records_come_back(tmp_path, packed):
    path = str(tmp_path / "records")
    with tf.io.TFRecordWriter(path, packed) as writer:
        for number in range(3):
            writer.write(example(number).SerializeToString())
    dataset = tf.data.TFRecordDataset([path], compression_type=packed)
    parsed = dataset.map(lambda record: tf.io.parse_single_example(record, SPEC))
    last = list(parsed)[2]
    assert last["image"].numpy() == IMAGE and last["more"].numpy() == 7
    assert last["w"].numpy().tolist() == [0.5, 2.0]
    assert tf.sparse.to_dense(last["n"]).numpy().tolist() == [-1, 0, 1]
    (records,) = dataset.batch(3)
    together = tf.io.parse_example(records, SPEC)
    assert together["w"].shape == (3, 2)
    padded = tf.sparse.to_dense(together["n"], default_value=9).numpy()
    assert padded.tolist() == [[-1, 9, 9], [-1, 0, 9], [-1, 0, 1]]
    again = tf.train.Example.FromString(records[1].numpy())
    assert again.features.feature["n"].int64_list.value[:] == [-1, 0]
    assert again.features.feature["w"].WhichOneof("kind") == "float_list"


def test_broken_files_and_other_features_are_told(tmp_path):
    path = tmp_path / "records"
    with tf.io.TFRecordWriter(str(path)) as writer:
        writer.write(example(1).SerializeToString())
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    (tmp_path / "changed").write_bytes(content)
    with pytest.raises(ValueError, match="cut off or was changed"):
        list(tf.data.TFRecordDataset(str(tmp_path / "changed")))
    (tmp_path / "other").write_bytes(b"some text that is long enough")
    with pytest.raises(ValueError, match="no TFRecord file"):
        list(tf.data.TFRecordDataset(str(tmp_path / "other")))
    message = example(1).SerializeToString()
    for wrong, words in (
        ({"w": tf.io.FixedLenFeature([3], tf.float32)}, "must have 3 values"),
        ({"w": tf.io.FixedLenFeature([2], tf.int64)}, "holds a float_list"),
        ({"v": tf.io.FixedLenFeature([], tf.int64)}, "must have 1 values"),
    ):
        with pytest.raises(ValueError, match=words):
            tf.io.parse_single_example(message, wrong)
    with pytest.raises(ValueError, match=r"no tf\.train\.Example"):
        tf.io.parse_single_example(b"\x0a\xff", {})


@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "bool", "float64"])
def test_arrays_become_bytes_and_come_back(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    data = tf.io.serialize_tensor(array)
    np.testing.assert_array_equal(tf.io.parse_tensor(data, dtype), array)
    with pytest.raises(ValueError, match="out_type=int16"):
        tf.io.parse_tensor(data, tf.int16)
    texts = tf.io.parse_tensor(tf.io.serialize_tensor(["a", "ü"]), tf.string)
    assert texts.numpy().tolist() == [b"a", "ü".encode()]
