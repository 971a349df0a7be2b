"""Programs as scientists write them: plain NumPy, made differentiable by transforms.

Each is held to an answer that is known in another way: a formula, a conservation law,
or a second program that computes the same quantity without derivatives.
"""

import math

import numpy as np
import pytest

from keratorch import (
    Grad,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    value_and_grad,
    vjp,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_logistic_regression_by_newton_reaches_the_normal_equations(rng):
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y = rng.random(60) < 1 / (1 + np.exp(-(x @ [0.5, 2.0, -1.0])))

    def loss(w):
        margin = np.where(y, 1.0, -1.0) * (x @ w)
        return np.sum(np.logaddexp(0.0, -margin))

    w = np.zeros(3)
    p = np.full(60, 0.5)
    np.testing.assert_allclose(hessian(loss)(w), (x.T * (p * (1 - p))) @ x)
    for _ in range(8):
        w = w - np.linalg.solve(hessian(loss)(w), grad(loss)(w))
    p = 1 / (1 + np.exp(-(x @ w)))
    np.testing.assert_allclose(x.T @ p, x.T @ y, rtol=1e-9)


def test_gradient_of_a_mixture_contains_the_steps_of_em(rng):
    data = np.concatenate([rng.normal(-2.0, 1.0, 40), rng.normal(1.5, 1.0, 60)])

    def joint(parameters):
        squares = (data[:, None] - parameters["means"]) ** 2
        return parameters["log_weights"] - 0.5 * squares

    def log_likelihood(parameters):
        terms = joint(parameters)
        highest = np.max(terms, axis=1, keepdims=True)
        return np.sum(np.log(np.sum(np.exp(terms - highest), axis=1)) + highest[:, 0])

    parameters = {"means": np.array([-1.0, 1.0]), "log_weights": np.log([0.5, 0.5])}
    values = []
    for _ in range(30):
        value, slope = value_and_grad(log_likelihood)(parameters)
        values.append(value)
        counts = slope["log_weights"]  # the expected number of points of each part
        parameters = {
            "means": parameters["means"] + slope["means"] / counts,
            "log_weights": np.log(counts / len(data)),
        }
    assert np.all(np.diff(values) > -1e-9)
    weights = np.exp(joint(parameters))
    weights /= weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(
        parameters["means"], weights.T @ data / weights.sum(axis=0), rtol=1e-3
    )


def test_newton_on_the_rosenbrock_function_squares_its_error():
    def rosenbrock(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    x = np.array([0.9, 0.9, 0.8, 0.7])
    errors = []
    for _ in range(8):
        x = x - np.linalg.solve(hessian(rosenbrock)(x), grad(rosenbrock)(x))
        errors.append(np.linalg.norm(x - 1))
    assert errors[5] < errors[4] ** 2
    assert errors[6] < 100 * errors[5] ** 2
    assert errors[7] < 1e-13
    direction = np.array([1.0, -2.0, 0.5, 3.0])
    _, (product,) = hvp(rosenbrock, (x,), (direction,))
    np.testing.assert_allclose(product, hessian(rosenbrock)(x) @ direction)


def runge_kutta(velocity, y, end, steps):
    h = end / steps
    for _ in range(steps):
        a = velocity(y)
        b = velocity(y + h / 2 * a)
        c = velocity(y + h / 2 * b)
        y = y + h / 6 * (a + 2 * b + 2 * c + velocity(y + h * c))
    return y


def test_sensitivity_of_growth_through_runge_kutta_is_the_analytic_one():
    def population(start, rate):
        return runge_kutta(lambda y: rate * y * (1 - y), start, end=2.0, steps=60)

    start, rate = 0.1, 1.3
    value, slopes = value_and_grad(population, argnums=(0, 1))(start, rate)
    exact = 1 / (1 + (1 / start - 1) * math.exp(-rate * 2.0))
    by_rate = 2.0 * exact * (1 - exact)
    by_start = exact * (1 - exact) / (start * (1 - start))
    np.testing.assert_allclose([value, *slopes], [exact, by_start, by_rate], rtol=1e-7)


def test_evidence_of_a_gaussian_process_has_the_trace_formula_as_gradient(rng):
    x = np.sort(rng.uniform(0, 4, 12))
    y = np.sin(x) + 0.1 * rng.normal(size=12)
    squares = (x[:, None] - x) ** 2

    def covariance(log_scale, log_length, log_noise):
        smooth = np.exp(log_scale - 0.5 * squares * np.exp(-2 * log_length))
        return smooth + np.exp(log_noise) * np.eye(12)

    def evidence(parameters):
        factor = np.linalg.cholesky(covariance(*parameters))
        whitened = np.linalg.solve(factor, y)
        return -0.5 * whitened @ whitened - np.sum(np.log(np.diag(factor)))

    parameters = np.array([0.2, -0.1, -3.0])
    k = covariance(*parameters)
    smooth, noise = k - math.exp(-3.0) * np.eye(12), math.exp(-3.0) * np.eye(12)
    weights = np.linalg.solve(k, y)
    inner = np.outer(weights, weights) - np.linalg.inv(k)
    expected = [
        0.5 * np.trace(inner @ derivative)
        for derivative in (smooth, smooth * squares * math.exp(0.2), noise)
    ]
    np.testing.assert_allclose(grad(evidence)(parameters), expected, rtol=1e-8)


def test_kalman_filter_has_the_gradient_of_the_joint_density(rng):
    steps, y = 6, rng.normal(size=6)

    def filtered(parameters):
        decay, noise = np.tanh(parameters[0]), np.exp(parameters[1])
        mean, variance, total = 0.0, 1.0, 0.0
        for t in range(steps):
            spread = variance + noise
            total = total - 0.5 * ((y[t] - mean) ** 2 / spread + np.log(spread))
            gain = variance / spread
            mean = decay * (mean + gain * (y[t] - mean))
            variance = decay**2 * (1 - gain) * variance + 1 - decay**2
        return total

    def joint(parameters):
        decay, noise = np.tanh(parameters[0]), np.exp(parameters[1])
        lags = np.abs(np.arange(steps)[:, None] - np.arange(steps))
        k = decay**lags + noise * np.eye(steps)
        return -0.5 * y @ np.linalg.solve(k, y) - 0.5 * np.linalg.slogdet(k)[1]

    parameters = np.array([0.7, -1.0])
    for derivative in (grad, hessian):
        np.testing.assert_allclose(
            derivative(filtered)(parameters), derivative(joint)(parameters), rtol=1e-8
        )


def test_forces_between_bodies_obey_newtons_third_law_and_conserve_energy(rng):
    masses = np.array([3.0, 1.0, 0.5, 0.2])
    first, second = np.triu_indices(4, k=1)

    def potential(places):
        separations = np.linalg.norm(places[first] - places[second], axis=1)
        return -np.sum(masses[first] * masses[second] / separations)

    force = grad(lambda places: -potential(places))
    places = np.array([[0.0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 4]])
    velocities = 0.5 * rng.normal(size=(4, 3))
    one = sum(
        masses[0] * masses[j] * (places[j] - places[0])
        / np.linalg.norm(places[j] - places[0]) ** 3
        for j in (1, 2, 3)
    )  # fmt: skip
    np.testing.assert_allclose(force(places)[0], one)
    np.testing.assert_allclose(force(places).sum(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(
        np.cross(places, force(places)).sum(axis=0), 0, atol=1e-14
    )

    def energy():
        return 0.5 * np.sum(masses[:, None] * velocities**2) + potential(places)

    before = energy()
    for _ in range(100):
        velocities = velocities + 0.005 * force(places) / masses[:, None]
        places = places + 0.01 * velocities
        velocities = velocities + 0.005 * force(places) / masses[:, None]
    np.testing.assert_allclose(energy(), before, rtol=1e-4)


class KeplerGrad(Grad):
    """out = E with E - e * sin(E) = M, for an eccentricity e and mean anomaly M.

    The equation itself gives dE/dM = 1 / (1 - e * cos(E)), and dE/de as sin(E) of it.
    """

    def forward(self, eccentricity, anomaly):
        out = np.array(anomaly)
        for _ in range(50):
            error = out - eccentricity * np.sin(out) - anomaly
            out = out - error / (1 - eccentricity * np.cos(out))
        return out

    def backward(self, grad):
        eccentricity, _ = self.inputs
        slope = grad / (1 - eccentricity * np.cos(self.output))
        return slope * np.sin(self.output), slope


def test_implicit_derivative_of_a_fixed_point_needs_none_of_its_iterations():
    def radius(eccentricity, anomaly):
        solution = KeplerGrad.apply(eccentricity, anomaly)
        return np.sum(1 - eccentricity * np.cos(solution))

    e, m = 0.4, np.linspace(0.2, 3.0, 5)
    solution = KeplerGrad.apply(e, m).numpy()
    exact = e * np.sin(solution) / (1 - e * np.cos(solution))
    np.testing.assert_allclose(grad(radius, 1)(e, m), exact)
    step = 1e-6
    slope = (grad(radius)(e + step, m) - grad(radius)(e - step, m)) / (2 * step)
    np.testing.assert_allclose(grad(grad(radius))(e, m), slope, rtol=1e-7)


def test_gradient_through_the_wave_equation_is_the_adjoint_wave(rng):
    n, speed = 16, 0.5

    def laplacian(u):
        return np.roll(u, 1) - 2 * u + np.roll(u, -1)

    def recorded(start):
        before = now = start
        seen = []
        for _ in range(20):
            before, now = now, 2 * now - before + speed**2 * laplacian(now)
            seen.append(now[3])
        return np.stack(seen)

    matrix = np.stack([recorded(row) for row in np.eye(n)], axis=1)
    np.testing.assert_allclose(jacobian(recorded)(np.ones(n)), matrix, atol=1e-12)
    data, start = rng.normal(size=20), rng.normal(size=n)
    misfit = grad(lambda start: 0.5 * np.sum((recorded(start) - data) ** 2))
    adjoint = matrix.T @ (matrix @ start - data)
    np.testing.assert_allclose(misfit(start), adjoint, rtol=1e-9, atol=1e-9)
    _, pullback = vjp(recorded, start)
    np.testing.assert_allclose(pullback(data)[0], matrix.T @ data, atol=1e-10)


def test_principal_axes_by_gradient_ascent_are_the_singular_vectors(rng):
    data = rng.normal(size=(50, 4)) * [5.0, 3.0, 1.0, 0.5] + 2.0
    data = data - data.mean(axis=0)

    def explained(axes):
        directions = np.linalg.qr(axes)[0]
        return np.sum((data @ directions) ** 2) / np.sum(data**2)

    axes = rng.normal(size=(4, 2))
    for _ in range(300):
        axes = np.linalg.qr(axes + 0.5 * grad(explained)(axes))[0]
    _, lengths, rows = np.linalg.svd(data)
    best = np.sum(lengths[:2] ** 2) / np.sum(lengths**2)
    np.testing.assert_allclose(explained(axes), best, rtol=1e-10)
    np.testing.assert_allclose(axes @ axes.T, rows[:2].T @ rows[:2], atol=1e-4)


def test_flow_of_a_hamiltonian_is_symplectic():
    def energy(q, p):
        return 0.5 * np.sum(p**2) - np.sum(np.cos(q)) + 0.3 * q[0] * q[1]

    by_place, by_momentum = grad(energy, 0), grad(energy, 1)

    def flow(state):
        q, p = state[:2], state[2:]
        for _ in range(30):
            p = p - 0.05 * by_place(q, p)
            q = q + 0.1 * by_momentum(q, p)
            p = p - 0.05 * by_place(q, p)
        return np.concatenate([q, p])

    state = np.array([1.0, -0.5, 0.3, 0.8])
    after = flow(state)
    drift = energy(after[:2], after[2:]) - energy(state[:2], state[2:])
    assert abs(drift) < 1e-2
    tangent = jacobian(flow)(state)
    assert type(tangent) is np.ndarray
    form = np.kron([[0, 1], [-1, 0]], np.eye(2))
    np.testing.assert_allclose(tangent.T @ form @ tangent, form, atol=1e-12)


def test_repeated_gradients_give_the_taylor_series():
    f, coefficients = (lambda x: np.exp(np.sin(x))), []
    for order in range(7):
        coefficients.append(f(0.0) / math.factorial(order))
        f = grad(f)
    expected = [1, 1, 1 / 2, 0, -1 / 8, -1 / 15, -1 / 240]
    np.testing.assert_allclose(coefficients, expected, atol=1e-12)
    x = np.linspace(-2.0, 2.0, 9)
    third = elementwise_grad(elementwise_grad(elementwise_grad(np.sin)))
    np.testing.assert_allclose(third(x), -np.cos(x), atol=1e-14)
