"""What could be wrong in a function: changes of one thing in its syntax tree."""

from __future__ import annotations

import ast
import copy

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
OPPOSITES = (ast.LtE, ast.GtE, ast.Eq, ast.NotEq, ast.Is, ast.IsNot)
NO_EFFECT = ("dtype", "strict")  # keywords that change no value of right code


def changes(function):
    """Yield pairs of a node and what could wrongly stand there."""
    for statement in function.body:
        for node in nodes_in(statement):
            for mutant in mutants_of(node):
                yield node, mutant


def nodes_in(node):
    """Yield a node and those in it that could be wrong: no texts of errors."""
    if isinstance(node, (ast.Raise, ast.JoinedStr, ast.arguments)):
        return
    if isinstance(node, ast.keyword) and node.arg in NO_EFFECT:
        return
    yield node
    children = list(ast.iter_child_nodes(node))
    if is_negative_number(node):
        children = []
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        children = [node.left]  # `is not False` is no better than `is True`
    for child in children:
        yield from nodes_in(child)


def mutants_of(node):
    """Yield nodes that could wrongly stand where this one stands."""
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        yield replaced(node, op=SWAPS[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield replaced(node, ops=[SWAPS[type(node.ops[0])](), *node.ops[1:]])
    if is_negative_number(node):
        yield replaced(node, operand=ast.Constant(node.operand.value - 1))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield replaced(node, value=node.value + 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield replaced(node, value=not node.value)
    if isinstance(node, (ast.If, ast.IfExp)) and not is_swapped(node.test):
        yield replaced(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.Call):
        yield from call_mutants(node)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield from order_mutants(node)


def is_negative_number(node):
    """Return whether a node is -1, -2 ..., of which -(1 + 1) is often the same."""
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    return minus and isinstance(node.operand, ast.Constant)


def is_swapped(test):
    """Return whether a mutant of a test is its opposite anyhow."""
    return isinstance(test, ast.Compare) and type(test.ops[0]) in OPPOSITES


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
        if node.keywords[i].arg not in NO_EFFECT:
            yield replaced(node, keywords=node.keywords[:i] + node.keywords[i + 1 :])


def order_mutants(node):
    """Yield a return of gradients in another order, and with one of them left out."""
    gradients = node.value.elts
    if len(gradients) >= 2 and ast.dump(gradients[0]) != ast.dump(gradients[1]):
        swapped = [gradients[1], gradients[0], *gradients[2:]]
        yield replaced(node, value=ast.Tuple(swapped, ast.Load()))
    for i in range(len(gradients)):
        if not (isinstance(gradients[i], ast.Constant) and gradients[i].value is None):
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
