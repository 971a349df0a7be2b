"""What TensorFlow has to read and prepare data, on arrays of NumPy.

`pipelines` says which name of TensorFlow stands for which of these functions.
"""
