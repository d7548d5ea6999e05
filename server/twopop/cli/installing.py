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
    if not as_json:
        actions = (f"  {name}" for name in reaper.actions(reaper.scripts_folder()))
        _report(done, "installed", "was changed by you and is kept as")
        say("\n".join(("In REAPER: Actions > Show action list > New action > Load ReaScript..., and choose", *actions)))
        return
    print_json(to_plain(done))


def uninstall_reaper(resource_path: Path | None, as_json: bool) -> None:
    """Take the scripts away again."""
    from twopop.installing import reaper

    done = reaper.uninstall(reaper.resource_path(resource_path))
    if not as_json:
        _report(done, "removed", "was changed by you and stays:")
        return
    print_json(to_plain(done))


def _report(done: Copied, verb: str, kept: str) -> None:
    """What was done, for people; the folder alone on standard output."""
    print(done.folder)
    say(f"{len(done.files)} files {verb}.")
    for path in done.kept:
        say(f"{path.name} {kept} {path}")
