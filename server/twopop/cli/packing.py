"""``twopop models ...``: packs of weights, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twopop.cli.printing import harmless, print_json, say, table

if TYPE_CHECKING:
    from twopop_models.packs.shelf import Shelf

app = typer.Typer(help="Packs of weights that can be added: get, verify, remove, carry.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Name = Annotated[str, typer.Argument(help="Pack or group of packs; see twopop models list.")]


@app.command("list")
def listing(as_json: Json = False) -> None:
    """List the packs that ship or are installed, and those that are known and can be had."""
    from twopop.cli.packs_shown import groups, lines

    found = lines(_shelf())
    if as_json:
        print_json(found)
        return
    columns = ("name", "role", "mb", "state", "licence", "title")
    rows = [tuple(line[column] for column in columns) for line in found]
    table("Packs", ("pack", "role", "MB", *columns[3:]), rows)
    for line in groups():
        say(line)


@app.command()
def get(
    name: Name,
    origin: Annotated[
        Path | None, typer.Option("--from", help="Folder in the layout of the hub or of its cache, or a bundle.")
    ] = None,
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="Accept the terms without a question.")
    ] = False,
    revision: Annotated[str, typer.Option(help="Branch, tag or commit of the repository. Default: the newest.")] = "",
) -> None:
    """Install a pack from the hub, or from a folder or a bundle on a machine without a network."""
    from twopop.cli.packs_shown import Screen
    from twopop_models.packs import catalogue
    from twopop_models.packs.fetching import Fetcher

    _added(name)
    with Screen(accepted=accept_licence) as screen:
        fetcher = Fetcher(_shelf(), screen.agree, screen.progress)
        for pack in catalogue.members(name):
            card = fetcher.get(pack, origin, revision)
            say(f"{card.title} is installed: {card.name}, {card.bytes / 1e6:.0f} MB, {card.licence.name}.")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="Pack or group; none takes all that are there.")] = "",
    as_json: Json = False,
) -> None:
    """Compare every file of installed packs with its hash; exit status 1 when one is damaged."""
    from twopop_models.errors import EngineError
    from twopop_models.packs import catalogue, safety
    from twopop_models.packs.shelf import shipped

    shelf, own = _shelf(), shipped().names
    names = catalogue.members(name) if name else (*own, *shelf.names)
    found = []
    for pack in names:
        try:
            if pack in own:
                shipped().whole(pack)
            else:
                safety.check_folder(shelf.whole(pack).folder)
            found.append({"name": pack, "whole": True, "code": "", "text": "whole"})
        except EngineError as error:
            found.append({"name": pack, "whole": False, "code": error.code, "text": str(error)})
    if as_json:
        print_json(found)
    else:
        table(f"{len(found)} packs", ("pack", "found"), [(item["name"], item["text"]) for item in found])
    raise typer.Exit(0 if all(item["whole"] for item in found) else 1)


@app.command()
def remove(name: Name) -> None:
    """Take a pack away, whole or damaged; what was downloaded of it goes too."""
    from twopop_models.packs import catalogue, staging

    _added(name)
    shelf, names = _shelf(), catalogue.members(name)
    there = [pack for pack in names if (shelf.folder / pack).is_dir()]
    for pack in there or names:
        staging.remove(shelf.folder, pack)
        say(f"The pack {pack} is removed.")


@app.command()
def info(name: Name, as_json: Json = False) -> None:
    """Show a pack: what it is, where it comes from, its terms in full, its files."""
    from twopop.cli.packs_shown import details
    from twopop_models.packs import catalogue

    found = [details(_shelf(), pack) for pack in catalogue.members(name)]
    if as_json:
        print_json(found)
        return
    for pack in found:
        terms = str(pack.pop("licence_text"))
        table(str(pack["title"]), ("", ""), pack.items())
        print(harmless(terms))


@app.command()
def bundle(
    name: Name, file: Annotated[Path, typer.Argument(help="The bundle to write, as packs.tar; replaced if there.")]
) -> None:
    """Write an installed pack, or a group of them, into one file for machines without a network."""
    from twopop.cli.packs_shown import Screen
    from twopop_models.packs import bundles, catalogue
    from twopop_models.packs.fetching import Progress

    _added(name)
    shelf = _shelf()
    packs = tuple(shelf.open(pack) for pack in catalogue.members(name))
    total = sum(pack.card.bytes for pack in packs)
    with Screen() as screen:
        bundles.write(packs, file, lambda done: screen.progress(Progress(name, "", min(done, total), total)))
    print(file)
    say(f"On the other machine: twopop models get {name} --from {file.name}")


def _added(name: str) -> None:
    """Make sure that a pack is not one of those that ship."""
    from twopop_models.packs.shelf import shipped

    if name in shipped().names:
        raise typer.BadParameter(f"The pack {name} is part of twopop: it comes, stays and goes with it.")


def _shelf() -> Shelf:
    from twopop.settings import load
    from twopop_models.packs.shelf import Shelf

    return Shelf(load().packs_folder)
