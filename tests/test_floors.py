"""The house stands: floors import only from floors below, and nothing in circles."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "keratorch"

FLOORS = [
    {
        "allowance",
        "anomaly",
        "arguments",
        "at",
        "broadcasting",
        "config",
        "contract",
        "core",
        "errors",
        "gradient_values",
        "graph",
        "hooks",
        "custom_objects",
        "dtype_policies",
        "dtypes",
        "identifiers",
        "lazy",
        "lengths",
        "logits",
        "masks",
        "memory",
        "micro_batch",
        "missing_derivatives",
        "modes",
        "naming",
        "nested",
        "operation",
        "partial",
        "protocols",
        "pullback",
        "refused",
        "registry",
        "replicas",
        "speed",
        "stateless_scope",
        "symbolic",
        "threads",
        "tree",
        "trial_runs",
        "variable",
        "walk",
    },
    {"kernels"},
    {"grads"},
    {"ops", "random", "transforms"},
    {"activations", "initializers", "regularizers", "constraints", "losses", "metrics"}
    | {"quantizers"},
    {"layers", "optimizers", "callbacks"},
    {"training"},
    {"distillation", "models", "saving"},
    {
        "applications",
        "backend",
        "compat",
        "mixed_precision",
        "preprocessing",
        "distribution",
        "export",
        "visualization",
        "wrappers",
        "__main__",
    },
    {""},  # keratorch/__init__.py
]
# Rooms aside serve the fifth floor and those above, and stand on one low enough.
ASIDE = {"datasets": 5, "inspect": 0, "testing": 3, "utils": 3}
SERVED = 5
OPTIONAL = {"h5py", "matplotlib", "mpi4py", "safetensors", "sklearn", "tensorboardX"}
OPTIONAL |= {"PIL", "yaml"}
OPTIONAL |= {"threadpoolctl", "IPython"}
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def module_name(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module):
    """Return the room of a module: 'layers' for 'keratorch.layers.dense'."""
    return f"{module}.".split(".")[1]


def import_statements(node, inside=False):
    """Yield the import statements of a module, and whether a function holds them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, inside
        elif not (
            isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
        ):
            function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from import_statements(child, inside or function)


def loaded_by(module, node):
    """Return the modules that an import statement loads, as absolute names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    origin = [node.module] if node.module else []
    if node.level:
        package = module.split(".")
        if MODULES[module].name != "__init__.py":
            package = package[:-1]
        origin = [*package[: len(package) - node.level + 1], *origin]
    inner = [".".join([*origin, alias.name]) for alias in node.names]
    return [name if name in MODULES else ".".join(origin) for name in inner]


@pytest.fixture(scope="module")
def imports():
    """Every import: (module, line, name of what it loads, inside a function)."""
    found = []
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node, inside in import_statements(tree):
            for name in loaded_by(module, node):
                found.append((module, node.lineno, name, inside))
    return found


def ours(imports):
    return [
        (m, line, name)
        for m, line, name, _ in imports
        if package_of(name) == "keratorch"
    ]


def package_of(name):
    return name.split(".")[0]


def test_every_room_stands_on_a_floor():
    rooms = {room_of(module) for module in MODULES}
    assert rooms <= {*FLOOR, *ASIDE}, "say in test_floors.py where the new room stands"


def test_no_import_runs_upward(imports):
    upward = []
    for module, line, name in ours(imports):
        room, other = room_of(module), room_of(name)
        own = ASIDE[room] if room in ASIDE else FLOOR.get(room, 0)
        floor = SERVED if other in ASIDE else FLOOR.get(other, 0)
        if room != other and floor > own:
            upward.append(f"{module}:{line} (floor {own}) imports {name} ({floor})")
    assert upward == []


def test_no_imports_run_in_circles(imports):
    # A module loads the packages that it lies in only to be found: `from keratorch
    # import graph` is an import of keratorch.graph, not of keratorch/__init__.py.
    ahead = {module: set() for module in MODULES}
    for module, _, name in ours(imports):
        ahead[module].add(name)
    while free := [module for module, others in ahead.items() if not others]:
        for module in free:
            del ahead[module]
        for others in ahead.values():
            others.difference_update(free)
    # what is left lies on a circle or leads into one
    assert sorted(ahead) == []


def test_imports_stand_at_the_top_and_those_of_optional_extras_do_not(imports):
    misplaced = [
        f"{module}:{line} imports {name}"
        for module, line, name, inside in imports
        if inside != (package_of(name) in OPTIONAL)
    ]
    assert misplaced == []


def test_imports_name_nothing_but_numpy_and_the_standard_library(imports):
    allowed = {"keratorch", "numpy", *OPTIONAL, *sys.stdlib_module_names}
    strangers = [
        f"{module}:{line} imports {name}"
        for module, line, name, _ in imports
        if package_of(name) not in allowed
    ]
    assert strangers == []


def test_no_module_imports_a_star():
    star = re.compile(r"^\s*from \S+ import \*", re.MULTILINE)
    stars = [m for m, path in MODULES.items() if star.search(path.read_text("utf-8"))]
    assert stars == []


def run(program):
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_import_loads_nothing_beyond_numpy_and_the_standard_library():
    loaded = run(
        "import sys, numpy\n"
        "before = set(sys.modules)\n"
        "import keratorch\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    assert set(loaded) <= {"keratorch", "numpy", *sys.stdlib_module_names}


def test_import_leaves_settings_and_random_state_alone():
    unchanged = run(
        "import warnings, sys, numpy as np\n"
        "def state():\n"
        "    return (np.geterr(), np.get_printoptions(), warnings.filters[:],\n"
        "            sys.getrecursionlimit(), str(np.random.get_state()))\n"
        "before = state()\n"
        "import keratorch\n"
        "print(state() == before)"
    )
    assert unchanged == ["True"]
