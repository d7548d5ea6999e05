"""The reference library: every track analysed once, where it lies, and found again by likeness.

    library = Library.open(folder)
    starter(library)                          the tracks that ship inside a package
    report = library.add_folder(Path("~/Music/temp-tracks").expanduser())

SQLite holds what analysis found and one vector per track and embedder; audio is never copied. Each
track is one transaction, so a kill leaves whole tracks or none, and adding goes on where it stopped.
"""

from twopop_models.library.adding import AddReport, Refused
from twopop_models.library.rows import Entry, content_hash
from twopop_models.library.shelf import Library, hear
from twopop_models.library.starter import starter

__all__ = ["AddReport", "Entry", "Library", "Refused", "content_hash", "hear", "starter"]
