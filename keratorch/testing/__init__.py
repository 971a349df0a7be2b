"""Checks of derivatives: `check_grad` for a Grad class, `gradcheck` for a function.

Both compare with finite differences.  `check_grad` also says which mistake it is.
"""

from keratorch.testing.check_grad import check_grad
from keratorch.testing.gradcheck import Gradcheck, gradcheck
from keratorch.testing.report import CODES, Finding, Report

__all__ = ["CODES", "Finding", "Gradcheck", "Report", "check_grad", "gradcheck"]
