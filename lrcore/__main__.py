"""The command line: python -m lrcore diagnose losses.csv"""

import argparse
import json
import sys

from .analysis.diagnosis import diagnose, read_losses


def main(arguments=None):
    """Run a command; returns the exit code: 0 with a verdict, 2 with a message about what cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m lrcore", description="Tools of the book The Learning Rate."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("diagnose", help="what a loss curve says about its learning rate (chapter 11)")
    one.add_argument("file", help="a CSV file with one loss in each row, in the order of training")
    one.add_argument("--column", help="the name of the column with the losses, or its number from 1")
    one.add_argument("--rate", type=float, help="the learning rate of the run, if it was constant")
    one.add_argument("--json", action="store_true", help="print the verdict and the evidence as JSON")
    given = parser.parse_args(arguments)
    try:
        found = diagnose(read_losses(given.file, given.column), given.rate)
    except OSError as error:
        return _refuse(given.file, error.strerror or error)
    except ValueError as error:
        return _refuse(given.file, error)
    print(json.dumps(found.to_dict(), indent=2, allow_nan=False) if given.json else found)
    return 0


def _refuse(file, reason):
    print(f"lrcore: {file}: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
