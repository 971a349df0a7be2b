"""What a Keras script uses, found by reading it: names, arguments, methods, text."""

import ast

ROOTS = (
    "tensorflow.compat.v1.keras",
    "tensorflow.python.keras",
    "tensorflow.keras",
    "keratorch.keras",
    "keratorch",
    "tf_keras",
    "keras",
)


class Used:
    """The names that scripts use.

    Attributes
    ----------
    names : dotted names from their library on, Keras's roots all written 'keras'.
    paths : modules, as they are imported.
    arguments : keyword arguments, alone and as (called name, argument).
    attributes, strings : what stands behind a dot; text.
    definitions : (class of Keras, method) of subclasses.
    """

    def __init__(self):
        self.names, self.paths, self.arguments = set(), set(), set()
        self.attributes, self.strings, self.definitions = set(), set(), set()

    def read(self, text):
        """Add what a script uses."""
        nodes = list(ast.walk(ast.parse(text)))
        known, stars = {}, []
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.paths.update(_prefixes(alias.name))
                    short = alias.name.split(".")[0]
                    known[alias.asname or short] = alias.name if alias.asname else short
            elif isinstance(node, ast.ImportFrom):
                self.paths.update(_prefixes(node.module))
                for alias in node.names:
                    if alias.name == "*":
                        stars.append(node.module)
                    else:
                        path = f"{node.module}.{alias.name}"
                        known[alias.asname or alias.name] = path
        bases = {}
        for node in nodes:
            self._see(node, known, stars, bases)

    def _see(self, node, known, stars, bases):
        if isinstance(node, ast.Name | ast.Attribute):
            for dotted in _dotted(node, known, stars):
                self.names.add(_from_root(dotted))
        if isinstance(node, ast.Attribute):
            self.attributes.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.strings.add(node.value)
        elif isinstance(node, ast.Call):
            called = _last(node.func)
            for keyword in node.keywords:
                self.arguments |= {keyword.arg, (called, keyword.arg)}
        elif isinstance(node, ast.ClassDef):
            bases[node.name] = [_last(base) for base in node.bases]
            methods = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
            for base in bases[node.name]:
                for parent in (base, *bases.get(base, ())):
                    self.definitions |= {(parent, method) for method in methods}


def _prefixes(path):
    parts = path.split(".")
    return {".".join(parts[: i + 1]) for i in range(len(parts))}


def _dotted(node, known, stars):
    """Return what a name or an attribute may stand for, in full."""
    if isinstance(node, ast.Name):
        if node.id in known:
            return [known[node.id]]
        return [f"{module}.{node.id}" for module in stars]
    if isinstance(node, ast.Attribute):
        return [f"{owner}.{node.attr}" for owner in _dotted(node.value, known, stars)]
    return []


def _from_root(dotted):
    for root in ROOTS:
        if f"{dotted}.".startswith(f"{root}."):
            return f"keras{dotted[len(root) :]}"
    return dotted


def _last(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def missing_names(text, used):
    """Return 'section: word' for the words of a list that nothing uses.

    The list is that of ``tests/data/tier_names.txt``, whose head explains it.
    """
    missing, title, kind = [], "", ""
    for line in text.splitlines():
        if line.startswith("["):
            kind, _, title = line[1:].partition("]")
        elif line and not line.startswith("#"):
            owner, _, words = line.rpartition(": ")
            for word in words.split():
                if not _is_used(kind, owner, word, used):
                    missing.append(f"{title.strip()}: {owner} {word}")
    return missing


def _is_used(kind, owner, word, used):
    what, _, room = kind.partition(" ")
    if what == "names":
        return any(_stands_for(dotted, room, word) for dotted in used.names)
    if what == "paths":
        return word in used.paths or any(
            f"{n}.".startswith(f"{word}.") for n in used.names
        )
    if what == "arguments":
        return ((owner, word) if owner else word) in used.arguments
    if what == "definitions":
        return (owner, word) in used.definitions
    if what == "tensorflow":
        return f"tensorflow.{word}" in used.names
    return word in getattr(used, what)


def _stands_for(dotted, room, word):
    """Return whether a dotted name is a word of a room, by whichever of its paths."""
    path, _, last = dotted.rpartition(".")
    wanted = room.removeprefix("keras.").split(".")[0]
    older = {"losses": "objectives", "initializers": "initializations"}.get(wanted)
    parts = path.split(".")
    return last == word and (
        path == "keras"
        or (parts[0] == "keras" and parts[1] in (wanted, older, "engine"))
    )
