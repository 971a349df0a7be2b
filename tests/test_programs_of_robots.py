"""Programs of robots and their sensors, whose matrices are put together of numbers.

As in test_scientific_programs, each is held to an answer that is known in another way.
"""

import numpy as np

from keratorch import jacobian


def test_arm_reaches_a_point_by_newton_on_products_of_matrices():
    def turned(angle):
        c, s = np.cos(angle), np.sin(angle)
        return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])

    def hand(angles):
        moved = np.array([[1, 0, 1], [0, 1, 0], [0, 0, 1]])  # along a link of length 1
        pose = np.eye(3)
        for angle in angles:
            pose = pose @ turned(angle) @ moved
        return pose[:2, 2]

    angles, target = np.array([0.4, 0.9]), np.array([0.5, 1.2])
    for _ in range(8):
        angles = angles - np.linalg.solve(jacobian(hand)(angles), hand(angles) - target)
    bend = np.arccos((target @ target - 2) / 2)  # by the law of cosines
    np.testing.assert_allclose(abs(angles[1]), bend, rtol=1e-12)


def test_filter_of_a_tracked_object_has_the_linear_gain_where_sensors_are_linear():
    beacons = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])

    def distances(state):
        px, py, *_ = state
        readings = []
        for bx, by in beacons:
            readings.append(np.sqrt((px - bx) ** 2 + (py - by) ** 2))
        return np.array(readings)

    state = np.array([3.0, 4.0, 1.0, -1.0])
    away = state[:2] - beacons
    directions = away / np.linalg.norm(away, axis=1, keepdims=True)
    found = jacobian(distances)(state)
    np.testing.assert_allclose(found, np.hstack([directions, np.zeros((3, 2))]))


def test_rotations_by_quaternions_conserve_lengths_to_first_order():
    def product(p, q):
        return np.concatenate(
            (
                np.array([p[0] * q[0] - p[1:] @ q[1:]]),
                p[0] * q[1:] + q[0] * p[1:] + np.cross(p[1:], q[1:]),
            )
        )

    def rotated(q, v):
        q = q / np.linalg.norm(q)
        inverse = np.concatenate((q[:1], -q[1:]))
        vector = np.concatenate((np.array([0]), v))
        return product(product(q, vector), inverse)[1:]

    q, v = np.array([0.8, 0.1, -0.5, 0.3]), np.array([1.0, 2.0, -1.0])
    by_q, by_v = jacobian(rotated, 0)(q, v), jacobian(rotated, 1)(q, v)
    np.testing.assert_allclose(rotated(q, v) @ by_q, np.zeros(4), atol=1e-13)
    np.testing.assert_allclose(by_v.T @ by_v, np.eye(3), atol=1e-13)
