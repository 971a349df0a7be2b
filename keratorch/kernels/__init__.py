"""The hot loops in fast NumPy: ndarrays in, ndarrays out, nothing recorded.

Images are channels-last here, ``(batch, *lengths, channels)``, with any number of
spatial axes.
"""
