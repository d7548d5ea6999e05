"""The command line. Commands import what they need when they run, so ``--help`` is at once."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; a twopop error becomes one line on stderr and exit status 1."""
    from twopop.cli.commands import app

    try:
        app()
    except Exception as error:
        from twopop_models.errors import TwopopError

        if not isinstance(error, TwopopError):
            raise
        sys.stderr.write(f"twopop: {error} [{error.code}]\n")
        sys.exit(1)
