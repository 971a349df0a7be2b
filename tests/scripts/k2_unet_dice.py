'''A U-Net with a dice loss; concatenate, Conv2DTranspose, Cropping2D.'''
import numpy as np
from keras.models import *
from keras.layers import *
from keras.optimizers import *
from keras.callbacks import ModelCheckpoint, LearningRateScheduler
from keras import backend as keras

def dice_coef(y_true, y_pred, smooth=1.):
    y_true_f = keras.flatten(y_true)
    y_pred_f = keras.flatten(y_pred)
    intersection = keras.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (keras.sum(y_true_f) + keras.sum(y_pred_f) + smooth)

def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)

def unet(input_size=(16, 16, 1)):
    inputs = Input(input_size)
    conv1 = Conv2D(4, 3, activation='relu', padding='same', kernel_initializer='he_normal')(inputs)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
    conv2 = Conv2D(8, 3, activation='relu', padding='same', kernel_initializer='he_normal')(pool1)
    drop2 = Dropout(0.2)(conv2)
    up3 = Conv2D(4, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(drop2))
    merge3 = concatenate([conv1, up3], axis=3)
    up4 = Conv2DTranspose(4, (2, 2), strides=(2, 2), padding='same')(drop2)
    merge4 = Concatenate(axis=-1)([merge3, up4])
    padded = ZeroPadding2D(2)(merge4)
    cropped = Cropping2D(cropping=((2, 2), (2, 2)))(padded)
    conv5 = Conv2D(1, 1, activation='sigmoid')(cropped)
    model = Model(inputs=inputs, outputs=conv5)
    model.compile(optimizer=Adam(lr=1e-2), loss=dice_coef_loss, metrics=[dice_coef])
    return model

rng = np.random.RandomState(0)
masks = np.zeros((10, 16, 16, 1))
for i in range(10):
    a, b = rng.randint(0, 10, 2)
    masks[i, a:a + 5, b:b + 5] = 1
images = masks + 0.2 * rng.rand(10, 16, 16, 1)
model = unet()
h = model.fit(images, masks, batch_size=5, epochs=4, verbose=0, shuffle=True)
assert h.history['loss'][-1] < h.history['loss'][0]
assert h.history['dice_coef'][-1] > 0
assert model.predict(images[:2], verbose=1).shape == (2, 16, 16, 1)
