'''ConvLSTM2D and Conv3D on a moving square.'''
import numpy as np
from keras.models import Sequential
from keras.layers.convolutional import Conv3D
from keras.layers.convolutional_recurrent import ConvLSTM2D
from keras.layers.normalization import BatchNormalization
from keras.layers import MaxPooling3D, GlobalAveragePooling3D, Dense

seq = Sequential()
seq.add(ConvLSTM2D(filters=3, kernel_size=(3, 3), input_shape=(None, 8, 8, 1),
                   padding='same', return_sequences=True))
seq.add(BatchNormalization())
seq.add(ConvLSTM2D(filters=2, kernel_size=(3, 3), padding='same', return_sequences=True))
seq.add(Conv3D(filters=1, kernel_size=(3, 3, 3), activation='sigmoid', padding='same',
               data_format='channels_last'))
seq.compile(loss='binary_crossentropy', optimizer='adam')
movies = np.zeros((6, 5, 8, 8, 1))
for i in range(6):
    for t in range(5):
        movies[i, t, t:t + 3, i % 5:i % 5 + 3, 0] = 1
history = seq.fit(movies[:, :4], movies[:, 1:], batch_size=3, epochs=2, verbose=0,
                  validation_split=0.2)
assert history.history['loss'][-1] <= history.history['loss'][0]
track = movies[0][:3, ::, ::, ::]
new_pos = seq.predict(track[np.newaxis, ::, ::, ::, ::])
assert new_pos.shape == (1, 3, 8, 8, 1)

clip = Sequential([Conv3D(2, 2, input_shape=(4, 8, 8, 1)), MaxPooling3D(2),
                   GlobalAveragePooling3D(), Dense(2, activation='softmax')])
assert clip.predict(movies[:2, :4]).shape == (2, 2)
