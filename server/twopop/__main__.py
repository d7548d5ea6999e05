"""``python -m twopop``: the same as the ``twopop`` command."""

from twopop.cli import main

if __name__ == "__main__":
    main()
