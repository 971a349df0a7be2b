"""Looking at models and graphs: drawings for notebooks, lessons and papers."""

from keratorch.inspect.drawing import Drawing
from keratorch.inspect.graph_diagram import draw_graph
from keratorch.inspect.notebook import array_html, model_svg
from keratorch.inspect.plot_model import model_to_dot, plot_model

__all__ = [
    "Drawing",
    "array_html",
    "draw_graph",
    "model_svg",
    "model_to_dot",
    "plot_model",
]
