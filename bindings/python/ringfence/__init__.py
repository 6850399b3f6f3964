"""Screens calls and SMS for fraud: a verdict with its reason, for one event or for a frame of them."""

from . import errors
from ._core import Decoded, Explanation, Reconciled, Released, Screen, Verdict, Verdicts, places, train
from ._core import version as __version__
from .errors import Error

__all__ = ["Decoded", "Error", "Explanation", "Reconciled", "Released", "Screen", "Verdict", "Verdicts", "__version__",
           "errors", "places", "train"]
