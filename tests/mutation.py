"""Mutation testing of the derivatives: a wrong `backward` must not pass the suite.

    python tests/mutation.py [family ...] [--share 0.1] [--show]

changes one thing at a time in the code behind the derivatives in ``keratorch/grads/``
(an operator, a constant, a call, the order of the gradients): in ``backward``, in the
composed functions, and in the functions that these use.  It runs the samples that reach
the changed code, then the tests of its family.  A change that no test notices is a
survivor: it is printed, and more than one in twenty of them fail the run.  By hand,
since it takes minutes.

Survivors that compute the same as the code are listed, each with the reason, in
``equivalent_mutants.txt``.  They are not tried again, and count as not noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import importlib
import inspect
import io
import random
import signal
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from keratorch import registry  # noqa: E402
from tests import test_every_grad as suite  # noqa: E402
from tests.mutants import Swap, changes  # noqa: E402

NEEDED = 0.95  # share of mutants that must be noticed
SECONDS = 20  # of the processor: a sample that takes longer fails; tests: five times
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.txt"
FORWARD = ("forward", "compute", "apply")  # which the values of NumPy check
CHECKS = [
    suite.test_gradient_equals_central_differences,
    suite.test_value_is_the_one_of_numpy_and_recorded_unless_of_constants,
    suite.test_second_derivative_equals_central_differences_of_the_first,
    suite.test_float32_gives_float32,
    suite.test_gradient_of_one_input_does_not_depend_on_which_others_want_one,
]
QUIET = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # imported already


# The code of a family, and the same code with one thing changed


class Family:
    """A module of ``keratorch/grads/``, its functions, and the samples that run them.

    A function is known by its name and first line, from the source to the code that
    runs, since that is what all of these have in common.
    """

    def __init__(self, name):
        self.name = name
        self.module = importlib.import_module(f"keratorch.grads.{name}")
        self.path = self.module.__file__
        self.source = Path(self.path).read_text()
        self.users = [
            path.stem
            for path in sorted(Path(self.path).parent.glob("*.py"))
            if f"from keratorch.grads.{name} import" in path.read_text()
        ]
        self.alive = {}  # functions, by key
        for x in gc.get_objects():
            if inspect.isfunction(x) and x.__code__.co_filename == self.path:
                self.alive.setdefault(key_of(x.__code__), []).append(x)
        own = list(self.reaching_samples([name]))
        self.samples = [*own, *self.reaching_samples(self.users)]

    def reaching_samples(self, families):
        """Yield ``(operation, sample, keys of the functions that it runs here)``."""
        modules = {f"keratorch.grads.{family}" for family in families}
        for operation, samples in suite.OPERATIONS.items():
            maker = registry.compositions.get(operation, operation)
            bases = maker.__mro__ if inspect.isclass(maker) else [maker]
            if modules & {base.__module__ for base in bases}:
                for sample in samples:
                    yield operation, sample, self.keys_reached(operation, sample)

    def keys_reached(self, operation, sample):
        reached = set()
        self.forget()

        def note(frame, event, _):
            if event == "call" and frame.f_code.co_filename == self.path:
                reached.add(key_of(frame.f_code))

        sys.setprofile(note)
        try:
            fails = takes_too_long_or_fails(run_checks, operation, sample)
        finally:
            sys.setprofile(None)
        if fails:
            sys.exit(f"{self.name}: {operation.__name__} fails as it is: run pytest")
        return reached

    def functions(self):
        """Yield the name and the syntax of each function that we change."""
        for owner in ast.parse(self.source).body:
            for node in owner.body if isinstance(owner, ast.ClassDef) else [owner]:
                if isinstance(node, ast.FunctionDef):
                    name = node.name if node is owner else f"{owner.name}.{node.name}"
                    if node.name not in FORWARD and not node.name.startswith("__"):
                        yield name, node

    def samples_of(self, function):
        """Return ``(operation, sample)`` for the samples that run a function."""
        keys = keys_in(function)
        return [(op, sample) for op, sample, ran in self.samples if keys & ran]

    def mutants(self, function):
        """Yield ``(line number, text of the change, all code by key)`` for each."""
        lines = self.source.splitlines()
        for i in range(len(list(changes(function)))):
            tree = ast.parse(self.source)
            (twin,) = [x for x in ast.walk(tree) if is_twin(x, function)]
            old, new = list(changes(twin))[i]
            text = f"{first_line(old)} -> {first_line(new)}"
            text += f"  in  {lines[old.lineno - 1].strip()}"
            tree = ast.fix_missing_locations(Swap(old, new).visit(tree))
            yield old.lineno, text, codes_in(compile(tree, self.path, "exec"))

    @contextlib.contextmanager
    def changed(self, function, codes):
        """Let a function, and those defined in it, run other code for a while."""
        originals = [
            (x, x.__code__, codes[key])
            for key in keys_in(function)
            for x in self.alive.get(key, [])
            if x.__code__.co_freevars == codes[key].co_freevars
        ]
        self.forget()
        try:
            for x, _, code in originals:
                x.__code__ = code
            yield
        finally:
            for x, code, _ in originals:
                x.__code__ = code
            self.forget()

    def forget(self):
        for x in vars(self.module).values():
            if hasattr(x, "cache_clear"):
                x.cache_clear()


def key_of(code):
    return code.co_name, code.co_firstlineno


def keys_in(function):
    """Return the keys of a function and of those defined in it, from their syntax."""
    keys = set()
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef):
            first = node.decorator_list[0] if node.decorator_list else node
            keys.add((node.name, first.lineno))
    return keys


def codes_in(code):
    """Return the code of all functions in some code, by key."""
    found = {}
    for constant in code.co_consts:
        if inspect.iscode(constant):
            found[key_of(constant)] = constant
            found.update(codes_in(constant))
    return found


def is_twin(node, function):
    return isinstance(node, ast.FunctionDef) and node.lineno == function.lineno


def first_line(node):
    return ast.unparse(node).splitlines()[0]


# Whether a test sees it


def is_noticed(family, samples):
    """Return whether one of the samples or of the tests of a family fails now."""
    return any(
        takes_too_long_or_fails(run_checks, *sample) for sample in samples
    ) or takes_too_long_or_fails(run_tests, family, seconds=5 * SECONDS)


def takes_too_long_or_fails(run, *arguments, seconds=SECONDS):
    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        run(*arguments)
    except (Exception, pytest.fail.Exception):
        return True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return False


def too_long(*_):
    raise TimeoutError


def run_checks(operation, sample):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for test in CHECKS:
            test.check(operation, sample)


def run_tests(family):
    """Raise an error unless the tests of a family pass, and of those that use it.

    They run in this process, where the changed code is.
    """
    names = [family.name, "special_points", *family.users]
    paths = [ROOT / "tests" / "grads" / f"test_{name}.py" for name in names]
    paths += [ROOT / "tests" / "ops" / f"test_{family.name}.py"]
    paths += [ROOT / "tests" / "test_at.py"] if "update" in names else []
    files = [str(path) for path in paths if path.exists()]
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", *QUIET, *files])
    if code != 0:
        raise AssertionError


def mutate(family, options, chance):
    """Try the mutants of a family, print survivors; return how many were noticed."""
    count: Counter = Counter()
    known = equivalent_mutants(family.name)
    for label, function in family.functions():
        samples = family.samples_of(function)
        if not samples:
            if options.show:
                print(f"unreached by samples: {family.name}.py {label}")
            continue
        for line, text, codes in family.mutants(function):
            if chance.random() >= options.share:
                continue
            verdict = "equivalent"
            if f"{label}: {text}" not in known:
                with family.changed(function, codes):
                    verdict = "SURVIVED"
                    if is_noticed(family, samples):
                        verdict = "noticed"
            count[verdict] += 1
            if verdict == "SURVIVED" or options.show:
                print(f"{verdict} {family.name}.py:{line} {label}: {text}", flush=True)
    return count


def equivalent_mutants(family):
    """Return the mutants of a family that are known to compute the same as the code."""
    sections = EQUIVALENT.read_text().split("\n[")
    own = [text for text in sections if text.startswith(f"{family}]")]
    lines = [line for text in own for line in text.splitlines()[1:]]
    return {line for line in lines if line and not line.startswith(" ")}


def main() -> int:
    """Print each survivor, and the share of mutants that were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*")
    parser.add_argument("--share", type=float, default=1.0, help="of mutants to try")
    parser.add_argument("--show", action="store_true", help="print each mutant")
    options = parser.parse_args()
    modules = (ROOT / "keratorch" / "grads").glob("[a-z]*.py")
    chance = random.Random(0)
    total: Counter = Counter()
    for name in options.families or sorted(path.stem for path in modules):
        family = Family(name)
        if takes_too_long_or_fails(run_tests, family, seconds=5 * SECONDS):
            sys.exit(f"the tests of {name}, or of what uses it, fail as it is")
        count = mutate(family, options, chance)
        print(f"{name}: {described(count)}", flush=True)
        total += count
    print(f"together: {described(total)}")
    return 0 if total["noticed"] >= NEEDED * total.total() else 1


def described(count):
    share = count["noticed"] / max(1, count.total())
    return (
        f"{share:.1%} of {count.total()} mutants noticed, "
        f"{count['equivalent']} equivalent, {count['SURVIVED']} survived"
    )


if __name__ == "__main__":
    sys.exit(main())
