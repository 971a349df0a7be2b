'''Cats and dogs in folders: flow_from_directory, load_img, img_to_array.'''
import os
import numpy as np
from keras.preprocessing import image
from keras.preprocessing.image import (ImageDataGenerator, img_to_array, load_img,
                                       array_to_img, save_img)
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Dense, Flatten
try:
    import PIL
except ImportError:
    print('Pillow is not installed')
    raise SystemExit(0)

rng = np.random.RandomState(0)
for split, n in (('train', 6), ('validation', 3)):
    for label, name in enumerate(('cats', 'dogs')):
        os.makedirs(os.path.join('data', split, name))
        for i in range(n):
            pixels = rng.randint(0, 100, (14, 12, 3)) + 120 * label
            save_img('data/%s/%s/%s.%d.png' % (split, name, name, i), pixels)

img = load_img('data/train/cats/cats.0.png', target_size=(10, 10))
x = img_to_array(img)
assert x.shape == (10, 10, 3)
x = np.expand_dims(image.img_to_array(image.load_img('data/train/dogs/dogs.1.png')), axis=0)
assert array_to_img(x[0]).size == (12, 14)

train_datagen = ImageDataGenerator(rescale=1. / 255, shear_range=0.2, zoom_range=0.2,
                                   horizontal_flip=True)
test_datagen = ImageDataGenerator(rescale=1. / 255)
train_generator = train_datagen.flow_from_directory('data/train', target_size=(10, 10),
                                                    batch_size=4, class_mode='binary')
validation_generator = test_datagen.flow_from_directory(
    'data/validation', target_size=(10, 10), batch_size=2, class_mode='binary', shuffle=False)
assert train_generator.class_indices == {'cats': 0, 'dogs': 1}
model = Sequential()
model.add(Conv2D(4, (3, 3), input_shape=(10, 10, 3), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
history = model.fit_generator(train_generator, steps_per_epoch=12 // 4, epochs=3,
                              validation_data=validation_generator,
                              validation_steps=6 // 2)
assert len(history.history['val_acc']) == 3
validation_generator.reset()
predictions = model.predict_generator(validation_generator, steps=3)
assert predictions.shape == (6, 1) and validation_generator.filenames[0].startswith('cats')
i = 0
for batch in train_datagen.flow(x, batch_size=1, save_to_dir=None):
    i += 1
    if i > 3:
        break
