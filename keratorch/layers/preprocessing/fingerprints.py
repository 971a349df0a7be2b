"""Numbers for texts that are the same on every machine: FarmHash and SipHash.

TensorFlow, and with it Keras, hashes texts with these two.

Sources: Pike & Alakuijala, FarmHash's `Fingerprint64`; Aumasson & Bernstein (2012),
SipHash: a fast short-input PRF.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _turn(value: int, by: int) -> int:
    """Return 64 bits turned to the right."""
    return ((value >> by) | (value << (64 - by))) & _MASK if by else value


def _word(data: bytes, at: int, size: int = 8) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _shift_mix(value: int) -> int:
    return value ^ (value >> 47)


def _mixed(u: int, v: int, factor: int) -> int:
    a = _shift_mix((u ^ v) * factor & _MASK)
    b = _shift_mix((v ^ a) * factor & _MASK)
    return b * factor & _MASK


def fingerprint64(data: bytes) -> int:
    """Return FarmHash's 64 bits of bytes.

    Examples
    --------
    >>> fingerprint64(b"")
    11160318154034397263
    """
    if len(data) <= 16:
        return _up_to_16(data)
    if len(data) <= 32:
        return _up_to_32(data)
    if len(data) <= 64:
        return _up_to_64(data)
    return _longer(data)


def _up_to_16(data: bytes) -> int:
    n = len(data)
    factor = (_K2 + n * 2) & _MASK
    if n >= 8:
        a = (_word(data, 0) + _K2) & _MASK
        b = _word(data, n - 8)
        c = (_turn(b, 37) * factor + a) & _MASK
        d = ((_turn(a, 25) + b) * factor) & _MASK
        return _mixed(c, d, factor)
    if n >= 4:
        return _mixed(n + (_word(data, 0, 4) << 3), _word(data, n - 4, 4), factor)
    if n:
        y = data[0] + (data[n >> 1] << 8)
        z = n + (data[-1] << 2)
        return _shift_mix((y * _K2 ^ z * _K0) & _MASK) * _K2 & _MASK
    return _K2


def _up_to_32(data: bytes) -> int:
    n = len(data)
    factor = (_K2 + n * 2) & _MASK
    a, b = _word(data, 0) * _K1 & _MASK, _word(data, 8)
    c, d = _word(data, n - 8) * factor & _MASK, _word(data, n - 16) * _K2 & _MASK
    u = (_turn((a + b) & _MASK, 43) + _turn(c, 30) + d) & _MASK
    v = (a + _turn((b + _K2) & _MASK, 18) + c) & _MASK
    return _mixed(u, v, factor)


def _up_to_64(data: bytes) -> int:
    n = len(data)
    factor = (_K2 + n * 2) & _MASK
    a, b = _word(data, 0) * _K2 & _MASK, _word(data, 8)
    c, d = _word(data, n - 8) * factor & _MASK, _word(data, n - 16) * _K2 & _MASK
    y = (_turn((a + b) & _MASK, 43) + _turn(c, 30) + d) & _MASK
    z = _mixed(y, (a + _turn((b + _K2) & _MASK, 18) + c) & _MASK, factor)
    e, f = _word(data, 16) * factor & _MASK, _word(data, 24)
    g = (y + _word(data, n - 32)) * factor & _MASK
    h = (z + _word(data, n - 24)) * factor & _MASK
    u = (_turn((e + f) & _MASK, 43) + _turn(g, 30) + h) & _MASK
    v = (e + _turn((f + a) & _MASK, 18) + g) & _MASK
    return _mixed(u, v, factor)


def _pair(data: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """Return 32 bytes hashed weakly, with two seeds."""
    w, x, y, z = (_word(data, at + 8 * i) for i in range(4))
    a = (a + w) & _MASK
    b = _turn((b + a + z) & _MASK, 21)
    c = a
    a = (a + x + y) & _MASK
    b = (b + _turn(a, 44)) & _MASK
    return (a + z) & _MASK, (b + c) & _MASK


def _longer(data: bytes) -> int:
    """Return the bits of more than 64 bytes, block by block of 64."""
    seed = 81
    x, y = seed, (seed * _K1 + 113) & _MASK
    z = _shift_mix((y * _K2 + 113) & _MASK) * _K2 & _MASK
    v, w = (0, 0), (0, 0)
    x = (x * _K2 + _word(data, 0)) & _MASK
    end = (len(data) - 1) // 64 * 64
    for at in range(0, end, 64):
        x = _turn((x + y + v[0] + _word(data, at + 8)) & _MASK, 37) * _K1 & _MASK
        y = _turn((y + v[1] + _word(data, at + 48)) & _MASK, 42) * _K1 & _MASK
        x ^= w[1]
        y = (y + v[0] + _word(data, at + 40)) & _MASK
        z = _turn((z + w[0]) & _MASK, 33) * _K1 & _MASK
        v = _pair(data, at, v[1] * _K1 & _MASK, (x + w[0]) & _MASK)
        w = _pair(data, at + 32, (z + w[1]) & _MASK, (y + _word(data, at + 16)) & _MASK)
        z, x = x, z
    return _last_block(data, end, x, y, z, v, w)


def _last_block(
    data: bytes, end: int, x: int, y: int, z: int, v: tuple, w: tuple
) -> int:
    """Return the bits after the last 64 bytes, which may overlap the block before."""
    factor = (_K1 + ((z & 0xFF) << 1)) & _MASK
    at = len(data) - 64
    w = ((w[0] + ((len(data) - 1) & 63)) & _MASK, w[1])
    v = ((v[0] + w[0]) & _MASK, v[1])
    w = ((w[0] + v[0]) & _MASK, w[1])
    x = _turn((x + y + v[0] + _word(data, at + 8)) & _MASK, 37) * factor & _MASK
    y = _turn((y + v[1] + _word(data, at + 48)) & _MASK, 42) * factor & _MASK
    x ^= w[1] * 9 & _MASK
    y = (y + v[0] * 9 + _word(data, at + 40)) & _MASK
    z = _turn((z + w[0]) & _MASK, 33) * factor & _MASK
    v = _pair(data, at, v[1] * factor & _MASK, (x + w[0]) & _MASK)
    w = _pair(data, at + 32, (z + w[1]) & _MASK, (y + _word(data, at + 16)) & _MASK)
    z, x = x, z
    u = (_mixed(v[0], w[0], factor) + _shift_mix(y) * _K0 + z) & _MASK
    return _mixed(u, (_mixed(v[1], w[1], factor) + x) & _MASK, factor)


def crossed(one: int, other: int) -> int:
    """Return 64 bits of two fingerprints in order, as TensorFlow crosses features."""
    factor = 0xC6A4A7935BD1E995
    result = one ^ factor
    result ^= _shift_mix(other * factor & _MASK) * factor & _MASK
    result = _shift_mix(result * factor & _MASK) * factor & _MASK
    return _shift_mix(result)


def siphash64(data: bytes, key: tuple[int, int]) -> int:
    """Return SipHash-2-4 of bytes under a key of two 64-bit numbers.

    Examples
    --------
    >>> hex(siphash64(bytes(range(15)), (0x0706050403020100, 0x0F0E0D0C0B0A0908)))
    '0xa129ca6149be45e5'
    """
    k0, k1 = (k & _MASK for k in key)
    state = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]
    whole = len(data) // 8 * 8
    words = [_word(data, at) for at in range(0, whole, 8)]
    words.append(_word(data, whole) | (len(data) & 0xFF) << 56)
    for word in words:
        state[3] ^= word
        _sip_round(state)
        _sip_round(state)
        state[0] ^= word
    state[2] ^= 0xFF
    for _ in range(4):
        _sip_round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _sip_round(v: list[int]) -> None:
    for a, b, first, second in ((0, 1, 13, 32), (2, 3, 16, 0)):
        v[a] = (v[a] + v[b]) & _MASK
        v[b] = _turn(v[b], 64 - first) ^ v[a]
        v[a] = _turn(v[a], 64 - second) if second else v[a]
    v[0] = (v[0] + v[3]) & _MASK
    v[3] = _turn(v[3], 64 - 21) ^ v[0]
    v[2] = (v[2] + v[1]) & _MASK
    v[1] = _turn(v[1], 64 - 17) ^ v[2]
    v[2] = _turn(v[2], 32)
