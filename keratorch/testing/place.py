"""Where in a file the mistake of a finding is."""

from __future__ import annotations

import dataclasses
import inspect
import re

from keratorch.core import Grad
from keratorch.testing.report import Finding


def located(finding: Finding, cls: type[Grad]) -> Finding:
    """Return the finding with the method, file and line that its text names."""
    named = re.search(rf"\b{re.escape(cls.__name__)}\.(\w+)", finding.problem)
    if named is None:
        return finding
    method = named[1]
    function = inspect.getattr_static(cls, method, None)
    function = inspect.unwrap(getattr(function, "__func__", function) or cls)
    code = getattr(function, "__code__", None)
    if code is None:
        return dataclasses.replace(finding, method=method)
    raised = re.search(r" in line (\d+)", finding.problem)
    return dataclasses.replace(
        finding,
        method=method,
        file=code.co_filename,
        line=int(raised[1]) if raised else code.co_firstlineno,
    )
