import gzip

import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")

TABLE = "n,size,name,big,label\n1,0.5,a,1,0\n2,1.5,b,9999999999,1\n3,,c,3,0\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return str(path)


def plain(dataset):
    return list(dataset.as_numpy_iterator())


def test_lines_of_files_plain_and_packed(tmp_path, table):
    assert plain(tf.data.TextLineDataset(table).take(1)) == [b"n,size,name,big,label"]
    (tmp_path / "two.txt").write_bytes(b"x\r\ny")
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(b"z\n"))
    lines = tf.data.TextLineDataset([str(tmp_path / "two.txt"), table])
    assert plain(lines)[:3] == [b"x", b"y", b"n,size,name,big,label"]
    assert plain(tf.data.TextLineDataset(str(packed), "GZIP")) == [b"z"]
    with pytest.raises(ValueError, match="'GZIP' or 'ZLIB'"):
        plain(tf.data.TextLineDataset(table, "LZ4"))
    records = tf.data.FixedLengthRecordDataset(table, 8, header_bytes=2)
    with pytest.raises(ValueError, match="record_bytes=8"):
        plain(records)


def test_records_of_csv_have_the_types_of_their_defaults(table):
    kinds = [tf.int32, 7.5, tf.string, tf.int64, 0]
    dataset = tf.data.experimental.CsvDataset(table, kinds, header=True)
    rows = plain(dataset)
    assert rows[2] == (3, 7.5, b"c", 3, 0)
    assert [type(value) for value in rows[0]] == [
        np.int32,
        np.float32,
        bytes,
        np.int64,
        np.int32,
    ]
    some = tf.data.experimental.CsvDataset(
        table, [0, ""], header=True, select_cols=[0, 2]
    )
    (first,) = some.batch(3)
    assert first[0].tolist() == [1, 2, 3] and first[1].tolist() == ["a", "b", "c"]


def test_csv_that_does_not_fit_is_told():
    with pytest.raises(tf.errors.InvalidArgumentError, match="field 1 is required"):
        tf.io.decode_csv("1,", [0, tf.constant([])])
    with pytest.raises(ValueError, match="needs 2 fields"):
        tf.io.decode_csv("1,2,3", [0, 0])
    with pytest.raises(ValueError, match="is 'x', which is no int32"):
        tf.io.decode_csv("x", [0])


def test_csv_tables_find_names_and_types(table):
    dataset = tf.data.experimental.make_csv_dataset(
        table, 2, label_name="label", num_epochs=1, shuffle=False
    )
    (features, label), (last, _) = dataset
    assert list(features) == ["n", "size", "name", "big"]
    dtypes = [features[name].dtype.name for name in features]
    assert dtypes == ["int32", "float32", "object", "int64"]
    assert label.tolist() == [0, 1] and last["size"].tolist() == [0.0]
    endless = tf.data.experimental.make_csv_dataset(table, 2, select_columns=["n"])
    assert sorted(np.concatenate([b["n"] for b in endless.take(3)])) == [
        1,
        1,
        2,
        2,
        3,
        3,
    ]
    with pytest.raises(ValueError, match="label_name must be one of"):
        tf.data.experimental.make_csv_dataset(table, 2, label_name="labels")


def test_records_that_do_not_fit_are_left_out_on_demand(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n3\n5,6\n")
    read = tf.data.experimental.make_csv_dataset
    options = {"num_epochs": 1, "shuffle": False}
    (batch,) = read(str(path), 9, ignore_errors=True, **options)
    assert batch["b"].tolist() == [2, 6]
    with pytest.raises(ValueError, match="needs 2 fields"):
        list(read(str(path), 9, **options))


def test_images_go_into_files_and_out_again(tmp_path):
    pytest.importorskip("PIL")
    pixels = np.random.default_rng(0).integers(0, 256, (5, 4, 3)).astype("uint8")
    path = str(tmp_path / "folder" / "image.png")
    tf.io.write_file(path, tf.io.encode_png(pixels))
    content = tf.io.read_file(path)
    assert type(content.numpy()) is bytes
    for decode in (tf.io.decode_png, tf.image.decode_jpeg, tf.io.decode_image):
        assert (decode(content).numpy() == pixels).all()
    assert tf.io.decode_png(content, channels=1).shape == (5, 4, 1)
    floats = tf.io.decode_image(content, dtype=tf.float32)
    np.testing.assert_allclose(floats, pixels / 255, rtol=1e-6)
    jpeg = tf.io.decode_jpeg(tf.io.encode_jpeg(np.full((8, 8, 3), 90, "uint8")))
    assert abs(jpeg.numpy().astype(int) - 90).max() < 3
    with pytest.raises(ValueError, match="no image that Pillow knows"):
        tf.io.decode_image(b"text")
    with pytest.raises(tf.errors.NotFoundError):
        tf.io.read_file(str(tmp_path / "nothing"))


def test_folders_are_walked(tmp_path):
    gfile = tf.io.gfile
    folder = str(tmp_path / "a" / "b")
    gfile.makedirs(folder)
    with gfile.GFile(gfile.join(folder, "c.txt"), "w") as file:
        file.write("ü")
    assert gfile.listdir(folder) == ["c.txt"] and gfile.isdir(folder)
    assert gfile.glob(folder + "/*.txt") == [gfile.join(folder, "c.txt")]
    gfile.copy(gfile.join(folder, "c.txt"), gfile.join(folder, "d.txt"))
    with pytest.raises(FileExistsError, match="overwrite=True"):
        gfile.rename(gfile.join(folder, "c.txt"), gfile.join(folder, "d.txt"))
    assert gfile.stat(gfile.join(folder, "d.txt")).length == 2
    gfile.rmtree(folder)
    assert not tf.compat.v1.gfile.Exists(folder)


def test_steps_of_older_programs_are_methods_today():
    numbers = tf.data.Dataset.range(6)
    experimental = tf.data.experimental
    mixed = numbers.apply(experimental.shuffle_and_repeat(6, 2, seed=1)).batch(6)
    assert [sorted(batch) for batch in mixed] == [list(range(6))] * 2
    made = numbers.apply(experimental.map_and_batch(lambda x: x * 2, 4))
    assert [b.tolist() for b in made] == [[0, 2, 4, 6], [8, 10]]
    assert experimental.cardinality(numbers.filter(bool)).numpy() == -2
    told = numbers.filter(bool).apply(experimental.assert_cardinality(5))
    assert len(told) == 5
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = experimental.AutoShardPolicy.OFF
    assert len(numbers.with_options(options)) == 6
