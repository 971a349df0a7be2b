"""Names of TensorFlow that read and prepare data, and what does that here."""

from __future__ import annotations

_HERE = "compat.tf.pipeline."


def _in(module: str, rooms: str, names: str) -> dict[str, str]:
    """Return names below rooms of `tf` -> functions of a module here."""
    return {
        f"{room}{name}": f"{_HERE}{module}.{name}"
        for room in rooms.split(" ")
        for name in names.split()
    }


#: Name below `tf` -> a name below `keratorch`.
PIPELINES: dict[str, str] = {
    "data.Dataset": "utils.Dataset",
    "data.DatasetSpec": "utils.pipeline.spec.TensorSpec",
    "data.Iterator": "utils.pipeline.walk.Walk",
    "dtypes.string": f"{_HERE}text_tensors.string",
    "string": f"{_HERE}text_tensors.string",
    "TensorSpec": "utils.pipeline.spec.TensorSpec",
    "data.INFINITE_CARDINALITY": "utils.pipeline.walk.INFINITE_CARDINALITY",
    "data.UNKNOWN_CARDINALITY": "utils.pipeline.walk.UNKNOWN_CARDINALITY",
    "data.experimental.INFINITE_CARDINALITY": (
        "utils.pipeline.walk.INFINITE_CARDINALITY"
    ),
    "data.experimental.UNKNOWN_CARDINALITY": (
        "utils.pipeline.walk.UNKNOWN_CARDINALITY"
    ),
    **dict.fromkeys(
        (
            "data.Options",
            "data.ThreadingOptions",
            "data.experimental.DistributeOptions",
            "data.experimental.OptimizationOptions",
            "data.experimental.ThreadingOptions",
        ),
        "compat.tf.settings.Settings",
    ),
    **_in("line_files", "data.", "TextLineDataset FixedLengthRecordDataset"),
    **_in("csv_files", "data.experimental.", "CsvDataset"),
    **_in("csv_files", "io.", "decode_csv"),
    "decode_csv": f"{_HERE}csv_files.decode_csv",
    **_in("csv_tables", "data.experimental.", "make_csv_dataset"),
    "data.experimental.Counter": "utils.Dataset.counter",
    "data.experimental.RandomDataset": "utils.Dataset.random",
    **_in("saved", "data.experimental.", "load save"),
    **_in("transformations", "data.", "make_one_shot_iterator"),
    "data.experimental.sample_from_datasets": "utils.Dataset.sample_from_datasets",
    "data.experimental.choose_from_datasets": "utils.Dataset.choose_from_datasets",
    **_in(
        "transformations",
        "data.experimental.",
        "AutoShardPolicy assert_cardinality bucket_by_sequence_length cardinality "
        "copy_to_device enumerate_dataset get_single_element group_by_window "
        "map_and_batch parallel_interleave prefetch_to_device rejection_resample scan "
        "shuffle_and_repeat take_while unbatch unique",
    ),
    **_in("files", "io.", "decode_raw matching_files read_file write_file"),
    **_in("files", "", "decode_raw matching_files read_file write_file"),
    **_in(
        "files",
        "io.gfile. gfile.",
        "GFile copy exists glob isdir join listdir makedirs mkdir remove rename "
        "rmtree stat walk",
    ),
    "gfile.Exists": f"{_HERE}files.exists",
    "gfile.Glob": f"{_HERE}files.glob",
    "gfile.IsDirectory": f"{_HERE}files.isdir",
    "gfile.ListDirectory": f"{_HERE}files.listdir",
    "gfile.MakeDirs": f"{_HERE}files.makedirs",
    "gfile.FastGFile": f"{_HERE}files.GFile",
    "gfile.Open": f"{_HERE}files.GFile",
    **_in(
        "image_files",
        "io. image.",
        "decode_bmp decode_gif decode_image decode_jpeg decode_png encode_jpeg "
        "encode_png is_jpeg",
    ),
    **_in("image_files", "image.", "adjust_jpeg_quality"),
    **_in("image_dtypes", "image.", "convert_image_dtype"),
    **_in(
        "images",
        "image.",
        "ResizeMethod central_crop crop_and_resize crop_to_bounding_box "
        "flip_left_right flip_up_down pad_to_bounding_box resize "
        "resize_with_crop_or_pad resize_with_pad rot90 transpose",
    ),
    "image.resize_images": f"{_HERE}images.resize",
    "image.resize_image_with_crop_or_pad": f"{_HERE}images.resize_with_crop_or_pad",
    "image.resize_image_with_pad": f"{_HERE}images.resize_with_pad",
    **_in(
        "image_colours",
        "image.",
        "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation "
        "grayscale_to_rgb hsv_to_rgb per_image_standardization rgb_to_grayscale "
        "rgb_to_hsv rgb_to_yiq rgb_to_yuv yiq_to_rgb yuv_to_rgb",
    ),
    **_in(
        "image_chance",
        "image.",
        "random_brightness random_contrast random_crop random_flip_left_right "
        "random_flip_up_down random_hue random_jpeg_quality random_saturation "
        "stateless_random_brightness stateless_random_contrast stateless_random_crop "
        "stateless_random_flip_left_right stateless_random_flip_up_down "
        "stateless_random_hue stateless_random_jpeg_quality "
        "stateless_random_saturation",
    ),
    "random_crop": f"{_HERE}image_chance.random_crop",
    **_in(
        "image_measures",
        "image.",
        "draw_bounding_boxes extract_patches image_gradients non_max_suppression psnr "
        "sobel_edges ssim total_variation",
    ),
    **_in(
        "texts",
        "strings.",
        "as_string join length lower ngrams reduce_join regex_full_match "
        "regex_replace split strip substr to_hash_bucket_fast to_number "
        "upper",
    ),
    **_in(
        "characters",
        "strings.",
        "bytes_split unicode_decode unicode_encode unicode_split",
    ),
    "strings.format": f"{_HERE}texts.format_texts",
    "as_string": f"{_HERE}texts.as_string",
    "string_to_number": f"{_HERE}texts.to_number",
    "substr": f"{_HERE}texts.substr",
    "regex_replace": f"{_HERE}texts.regex_replace",
    "RaggedTensor": f"{_HERE}ragged.RaggedTensor",
    **_in("ragged", "ragged.", "constant map_flat_values stack"),
    **_in(
        "tables",
        "lookup.",
        "KeyValueTensorInitializer StaticHashTable StaticVocabularyTable "
        "TextFileIndex TextFileInitializer",
    ),
    "lookup.experimental.MutableHashTable": f"{_HERE}tables.MutableHashTable",
    "lookup.MutableHashTable": f"{_HERE}tables.MutableHashTable",
    **_in("python_functions", "", "numpy_function py_function"),
    "py_func": f"{_HERE}python_functions.numpy_function",
    **_in("records", "data.", "TFRecordDataset"),
    **_in("records", "io. python_io.", "TFRecordOptions TFRecordWriter"),
    **_in(
        "examples", "train.", "BytesList Example Feature Features FloatList Int64List"
    ),
    **_in(
        "parsing",
        "io. ",
        "FixedLenFeature FixedLenSequenceFeature VarLenFeature parse_example "
        "parse_single_example",
    ),
    **_in("sequence_examples", "train.", "FeatureList FeatureLists SequenceExample"),
    **_in(
        "sequence_examples",
        "io. ",
        "parse_sequence_example parse_single_sequence_example",
    ),
    **_in("tensor_bytes", "io.", "parse_tensor serialize_tensor"),
    **_in("sounds", "audio.", "decode_wav encode_wav"),
    **_in("sparse", "sparse. ", "SparseTensor"),
    **_in("sparse", "sparse.", "from_dense to_dense"),
    "sparse_tensor_to_dense": f"{_HERE}sparse.to_dense",
    **_in(
        "feature_columns",
        "feature_column.",
        "bucketized_column categorical_column_with_hash_bucket "
        "categorical_column_with_identity categorical_column_with_vocabulary_file "
        "categorical_column_with_vocabulary_list crossed_column embedding_column "
        "indicator_column numeric_column",
    ),
    **_in(
        "sampling",
        "random. nn.",
        "log_uniform_candidate_sampler uniform_candidate_sampler",
    ),
}
