"""Activations, initializers, regularizers and constraints by name and by class."""
import keras
from keras import activations, constraints, initializers, layers, regularizers
import numpy as np

names = ["celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu",
         "hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu",
         "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign",
         "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh", "tanh_shrink", "threshold"]
x = np.linspace(-3, 3, 12).reshape(3, 4).astype("float32")
for name in names:
    if name == "threshold":
        value = activations.threshold(x, 0.5, 0.0)
    else:
        value = layers.Activation(name)(x)
    assert np.isfinite(keras.ops.convert_to_numpy(value)).all(), name
assert activations.get("relu") is activations.relu and activations.serialize(activations.tanh) == "tanh"

for initializer in [
    initializers.Constant(0.5), initializers.GlorotNormal(seed=1), initializers.GlorotUniform(seed=1),
    initializers.HeNormal(), initializers.HeUniform(), initializers.Identity(), initializers.LecunNormal(),
    initializers.LecunUniform(), initializers.Ones(), initializers.Orthogonal(gain=2.0), initializers.RandomNormal(0.0, 0.1),
    initializers.RandomUniform(-0.1, 0.1), initializers.TruncatedNormal(stddev=0.1), initializers.Zeros(),
    initializers.VarianceScaling(scale=2.0, mode="fan_out", distribution="uniform"),
    "zeros", "ones", "constant", "random_normal", "random_uniform", "truncated_normal", "glorot_normal", "glorot_uniform",
    "he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "orthogonal", "identity", "variance_scaling",
    "uniform", "normal", "zero", "one",
]:
    layer = layers.Dense(4, kernel_initializer=initializer)
    layer.build((None, 4))
    assert layer.kernel.shape == (4, 4)

for regularizer in [regularizers.L1(0.01), regularizers.L2(0.01), regularizers.L1L2(0.01, 0.02),
                    regularizers.OrthogonalRegularizer(0.1), regularizers.l1(0.1), regularizers.l2(0.1), "l1", "l2", "l1_l2"]:
    layer = layers.Dense(3, kernel_regularizer=regularizer, bias_regularizer="l2", activity_regularizer="l1")
    layer(np.ones((2, 4), "float32"))
    assert len(layer.losses) == 3
for constraint in [constraints.MaxNorm(1.0), constraints.MinMaxNorm(0.1, 1.0), constraints.NonNeg(),
                   constraints.UnitNorm(axis=0), "max_norm", "non_neg", "unit_norm", "min_max_norm"]:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, kernel_constraint=constraint, bias_constraint="non_neg")])
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((2, 4)), np.zeros((2, 3)))
    assert model.layers[0].get_weights()[1].min() >= 0
same = initializers.GlorotUniform(seed=3)((2, 2)), initializers.GlorotUniform(seed=3)((2, 2))
np.testing.assert_array_equal(np.array(same[0]), np.array(same[1]))
