"""TensorFlow's eager API: tape, variables, modules, loops, checkpoints, summaries."""
