"""Mutation testing of the derivatives: a wrong `backward` must not pass the suite.

    python tests/mutation.py [family ...] [--share 0.1] [--show]

changes one thing at a time in the backward code of ``keratorch/grads/`` (an operator, a
constant, a call, the order of the gradients), and runs the samples of the class, then
the tests of its family.  A change that no test notices is a survivor: it is printed,
and more than one in twenty of them fail the run.  By hand, since it takes minutes.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import inspect
import io
import random
import signal
import sys
import textwrap
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import test_every_grad as suite  # noqa: E402
from tests.samples import COMPOSED, SAMPLES  # noqa: E402

NEEDED = 0.95  # share of mutants that must be noticed
SECONDS = 20  # a mutant that runs longer counts as noticed
FORWARD = ("forward", "compute", "apply")

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.MatMult: ast.Add,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.Gt,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def mutants_of(node):
    """Yield nodes that could wrongly stand where this one stands."""
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        yield replaced(node, op=SWAPS[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield replaced(node, ops=[SWAPS[type(node.ops[0])](), *node.ops[1:]])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    if isinstance(node, ast.IfExp):
        yield replaced(node, body=node.orelse, orelse=node.body)
    if isinstance(node, ast.If):
        yield replaced(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.Call):
        yield from call_mutants(node)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield from order_mutants(node)


def call_mutants(node):
    """Yield a call without its effect, and without each of its keywords."""
    numpy_call = (
        isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "np"
    )
    if numpy_call and node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]
    for i in range(len(node.keywords)):
        if node.keywords[i].arg != "dtype":
            yield replaced(node, keywords=node.keywords[:i] + node.keywords[i + 1 :])


def order_mutants(node):
    """Yield a return of gradients in another order, and with one of them left out."""
    gradients = node.value.elts
    if len(gradients) >= 2:
        swapped = [gradients[1], gradients[0], *gradients[2:]]
        yield replaced(node, value=ast.Tuple(swapped, ast.Load()))
    for i in range(len(gradients)):
        rest = [*gradients[:i], ast.Constant(None), *gradients[i + 1 :]]
        yield replaced(node, value=ast.Tuple(rest, ast.Load()))


def replaced(node, **fields):
    twin = copy.copy(node)
    for name, value in fields.items():
        setattr(twin, name, value)
    return twin


class Swap(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def versions(owner, function):
    """Yield ``(line, text of the change, changed function)`` for each mutant.

    The first is the function unchanged, with no text.
    """
    source = textwrap.dedent(inspect.getsource(function))
    first = function.__code__.co_firstlineno
    yield first, "", compiled(owner, function, ast.parse(source))
    for i in range(len(list(changes(ast.parse(source))))):
        tree = ast.parse(source)
        old, new = list(changes(tree))[i]
        text = f"{ast.unparse(old)}  ->  {ast.unparse(new)}"
        changed = compiled(owner, function, Swap(old, new).visit(tree))
        yield first + old.lineno - 1, text, changed


def compiled(owner, function, tree):
    """Return the function that a syntax tree defines, as a method of the owner."""
    (definition,) = tree.body
    definition.decorator_list = []
    maker = ast.parse(f"def made(__class__): return {definition.name}")  # for super()
    maker.body[0].body.insert(0, definition)
    space: dict = {}
    code = compile(ast.fix_missing_locations(maker), "<mutant>", "exec")
    exec(code, function.__globals__, space)
    return space["made"](owner)


def changes(tree):
    """Yield pairs of a node and what could wrongly stand there."""
    body = tree.body[0].body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(
        body[0].value, ast.Constant
    )
    for statement in body[1:] if has_docstring else body:
        for node in ast.walk(statement):
            for mutant in mutants_of(node):
                yield node, mutant


def backward_code(family):
    """Yield ``(owner, name, function, operations that use it)`` of a family."""
    module = importlib.import_module(f"keratorch.grads.{family}")
    classes = [
        cls
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__ == module.__name__
    ]
    for cls in classes:
        users = [user for user in SAMPLES if issubclass(user, cls)]
        for name, member in vars(cls).items():
            function = getattr(member, "fget", member)
            plain = inspect.isfunction(function) and not name.startswith("__")
            if plain and name not in FORWARD and users:
                yield cls, name, function, users


@contextlib.contextmanager
def installed(owner, name, changed):
    """Let the owner have the changed function for a while."""
    original = vars(owner)[name]
    kind = type(original) if isinstance(original, (property, staticmethod)) else None
    setattr(owner, name, kind(changed) if kind else changed)
    try:
        yield
    finally:
        setattr(owner, name, original)


def is_noticed(family, users):
    """Return whether a test fails now."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for user in users:
                for sample in SAMPLES.get(user) or COMPOSED[user]:
                    for test in TESTS:
                        test.check(user, sample)
            return not passes(family)
    except Exception:
        return True
    finally:
        signal.alarm(0)


QUIET = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # imported already
TESTS = [
    suite.test_gradient_equals_central_differences,
    suite.test_second_derivative_equals_central_differences_of_the_first,
    suite.test_float32_gives_float32,
    suite.test_gradient_of_one_input_does_not_depend_on_which_others_want_one,
]


def too_long(*_):
    raise TimeoutError


def passes(family):
    """Return whether the family's own tests pass, as far as there are any."""
    path = ROOT / "tests" / "grads" / f"test_{family}.py"
    if not path.exists():
        return True
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", *QUIET, str(path)])
    return code == 0


def main() -> int:
    """Print each survivor, and the share of mutants that were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*")
    parser.add_argument("--share", type=float, default=1.0, help="of mutants to try")
    parser.add_argument("--show", action="store_true", help="print each mutant")
    options = parser.parse_args()
    modules = (ROOT / "keratorch" / "grads").glob("[a-z]*.py")
    families = options.families or sorted(path.stem for path in modules)
    chance = random.Random(0)
    total: Counter = Counter()
    for family in families:
        count: Counter = Counter()
        for owner, name, function, users in backward_code(family):
            for line, text, changed in versions(owner, function):
                if text and chance.random() >= options.share:
                    continue
                with installed(owner, name, changed):
                    noticed = is_noticed(family, users)
                if not text:
                    if noticed:
                        sys.exit(f"{family}.py:{line} fails as it is: run pytest")
                    continue
                count[noticed] += 1
                if not noticed or options.show:
                    verdict = "noticed" if noticed else "SURVIVED"
                    print(
                        f"{verdict} {family}.py:{line} {owner.__name__}.{name}: {text}"
                    )
        if count:
            print(f"{family}: {count[True]} of {count.total()} noticed", flush=True)
        total += count
    share = total[True] / max(1, total.total())
    print(f"{share:.1%} of {total.total()} mutants noticed")
    return 0 if share >= NEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
