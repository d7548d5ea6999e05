"""``twopop install-reaper`` and ``uninstall-reaper``."""

from __future__ import annotations

from pathlib import Path

from twopop.cli.printing import print_json, say
from twopop.installing.copying import Copied
from twopop.plain import to_plain


def install_reaper(resource_path: Path | None, as_json: bool) -> None:
    """Put the scripts into REAPER's folder and say what to do there."""
    from twopop import discovery
    from twopop.installing import reaper

    done = reaper.install(reaper.resource_path(resource_path))
    discovery.settle()  # so that the scripts can start a server
    if as_json:
        print_json(to_plain(done))
        return
    print(done.folder)
    say(f"{len(done.files)} files installed.")
    _say_kept(done, "was changed by you and is kept as")
    say("In REAPER: Actions > Show action list > New action > Load ReaScript..., and choose")
    for name in reaper.actions(reaper.scripts_folder()):
        say(f"  {name}")


def uninstall_reaper(resource_path: Path | None, as_json: bool) -> None:
    """Take the scripts away again."""
    from twopop.installing import reaper

    done = reaper.uninstall(reaper.resource_path(resource_path))
    if as_json:
        print_json(to_plain(done))
        return
    print(done.folder)
    say(f"{len(done.files)} files removed.")
    _say_kept(done, "was changed by you and stays:")


def _say_kept(done: Copied, words: str) -> None:
    for path in done.kept:
        say(f"{path.name} {words} {path}")
