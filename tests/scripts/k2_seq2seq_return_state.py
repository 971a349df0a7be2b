'''A ten-minute introduction to sequence-to-sequence learning in Keras.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, LSTM, Dense

pairs = [('go', 'va'), ('hi', 'salut'), ('run', 'cours'), ('fire', 'feu'),
         ('help', 'aide'), ('jump', 'saute'), ('stop', 'stop'), ('wait', 'attends')] * 4
input_texts = [a for a, _ in pairs]
target_texts = ['\t' + b + '\n' for _, b in pairs]
input_characters = sorted(set(''.join(input_texts)))
target_characters = sorted(set(''.join(target_texts)))
num_encoder_tokens, num_decoder_tokens = len(input_characters), len(target_characters)
max_encoder, max_decoder = max(map(len, input_texts)), max(map(len, target_texts))
input_index = dict([(char, i) for i, char in enumerate(input_characters)])
target_index = dict([(char, i) for i, char in enumerate(target_characters)])
latent_dim = 16

encoder_input_data = np.zeros((len(pairs), max_encoder, num_encoder_tokens), 'float32')
decoder_input_data = np.zeros((len(pairs), max_decoder, num_decoder_tokens), 'float32')
decoder_target_data = np.zeros_like(decoder_input_data)
for i, (text, target) in enumerate(zip(input_texts, target_texts)):
    for t, char in enumerate(text):
        encoder_input_data[i, t, input_index[char]] = 1.
    for t, char in enumerate(target):
        decoder_input_data[i, t, target_index[char]] = 1.
        if t > 0:
            decoder_target_data[i, t - 1, target_index[char]] = 1.

encoder_inputs = Input(shape=(None, num_encoder_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, num_decoder_tokens))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_decoder_tokens, activation='softmax')
decoder_outputs = decoder_dense(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer='rmsprop', loss='categorical_crossentropy')
history = model.fit([encoder_input_data, decoder_input_data], decoder_target_data,
                    batch_size=8, epochs=6, validation_split=0.2)
assert history.history['loss'][-1] < history.history['loss'][0]

encoder_model = Model(encoder_inputs, encoder_states)
decoder_state_inputs = [Input(shape=(latent_dim,)), Input(shape=(latent_dim,))]
decoder_outputs, state_h, state_c = decoder_lstm(decoder_inputs,
                                                 initial_state=decoder_state_inputs)
decoder_states = [state_h, state_c]
decoder_model = Model([decoder_inputs] + decoder_state_inputs,
                      [decoder_dense(decoder_outputs)] + decoder_states)

def decode_sequence(input_seq):
    states_value = encoder_model.predict(input_seq)
    target_seq = np.zeros((1, 1, num_decoder_tokens))
    target_seq[0, 0, target_index['\t']] = 1.
    decoded = ''
    while len(decoded) < max_decoder:
        output_tokens, h, c = decoder_model.predict([target_seq] + states_value)
        char = target_characters[np.argmax(output_tokens[0, -1, :])]
        if char == '\n':
            break
        decoded += char
        target_seq = np.zeros((1, 1, num_decoder_tokens))
        target_seq[0, 0, target_index[char]] = 1.
        states_value = [h, c]
    return decoded

sentence = decode_sequence(encoder_input_data[:1])
print('Decoded sentence:', sentence)
assert isinstance(sentence, str) and len(sentence) <= max_decoder
