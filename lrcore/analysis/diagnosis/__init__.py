"""A verdict on a loss curve, from the losses alone."""

from .csv_file import read_losses
from .evidence import Evidence
from .verdict import VERDICTS, Diagnosis, diagnose

__all__ = ["VERDICTS", "Diagnosis", "Evidence", "diagnose", "read_losses"]
