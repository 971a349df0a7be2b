'''Two Sequential branches and a Merge layer, and all the modes of merge.'''
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Merge, merge, Input, Activation

left_branch = Sequential()
left_branch.add(Dense(8, input_dim=6, activation='tanh'))
right_branch = Sequential()
right_branch.add(Dense(8, input_dim=4, activation='tanh'))
merged = Merge([left_branch, right_branch], mode='concat')

final_model = Sequential()
final_model.add(merged)
final_model.add(Dense(3, activation='softmax'))
final_model.compile(optimizer='rmsprop', loss='categorical_crossentropy')

rng = np.random.RandomState(0)
a, b = rng.randn(64, 6), rng.randn(64, 4)
labels = np.eye(3)[(a[:, 0] + b[:, 0] > 0).astype(int)]
history = final_model.fit([a, b], labels, nb_epoch=4, batch_size=8, verbose=0)
assert history.history['loss'][-1] < history.history['loss'][0]
assert final_model.predict([a, b]).shape == (64, 3)

x = Input(shape=(5,), name='x')
y = Input(shape=(5,), name='y')
shapes = {'sum': (5,), 'mul': (5,), 'ave': (5,), 'max': (5,), 'concat': (10,),
          'dot': (1,), 'cos': (1,)}
for mode, shape in shapes.items():
    out = merge([x, y], mode=mode, name='merged_' + mode)
    model = Model(input=[x, y], output=out)
    p, q = rng.rand(2, 5), rng.rand(2, 5)
    assert model.predict([p, q]).shape == (2,) + shape, mode
product = merge([x, y], mode=lambda t: t[0] * t[1], output_shape=(5,))
joined = merge([x, y], mode='concat', concat_axis=1)
inner = merge([x, y], mode='dot', dot_axes=(1, 1))
model = Model(input=[x, y], output=[product, joined, inner])
results = model.predict([p, q])
np.testing.assert_allclose(results[0], p * q, rtol=1e-5)
np.testing.assert_allclose(results[2][:, 0], (p * q).sum(1), rtol=1e-5)
