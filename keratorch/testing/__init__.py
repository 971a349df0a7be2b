"""Checks of derivatives: `check_grad` for a Grad class, `gradcheck` for a function.

Both compare with finite differences.  `check_grad` also says which mistake it is.

To grade what others wrote, give each file a process of its own, with a time limit:
``subprocess.run(..., timeout=60)``.  Nothing less stops `os._exit`, a loop at import or
a call into C.  ``examples/check_my_grad.py --folder submissions`` does so, in a few
lines to copy.  Where all are loaded in one process, `isolated` undoes what a class with
``of=`` replaced.
"""

from keratorch.testing.check_grad import check_grad
from keratorch.testing.gradcheck import Gradcheck, gradcheck
from keratorch.testing.registry import isolated
from keratorch.testing.report import CODES, Finding, Report

__all__ = [
    "CODES",
    "Finding",
    "Gradcheck",
    "Report",
    "check_grad",
    "gradcheck",
    "isolated",
]
