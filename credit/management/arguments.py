"""Arguments that several commands share."""

from argparse import ArgumentParser


def add_model_argument(parser: ArgumentParser) -> None:
    """``--model N``: a version's number."""
    parser.add_argument(
        "--model", type=int, metavar="N", help="number of the model version; default: the active one, else the newest"
    )
