"""``twopop controls``, ``settings`` and ``doctor``: tables for people, JSON for machines."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from twopop.cli.printing import print_json, table

if TYPE_CHECKING:
    from twopop_models.packs.shelf import Standing


def controls(as_json: bool) -> None:
    """Print the control table."""
    from twopop_models.controls import CONTROLS

    if as_json:
        print_json([asdict(control) | {"kind": control.kind.value} for control in CONTROLS])
        return
    rows = [
        (control.name, control.kind.value, control.default or "-", _range(control), control.help)
        for control in CONTROLS
    ]
    table("Controls", ("name", "kind", "default", "takes", "help"), rows)


def _range(control: Any) -> str:
    words = ", ".join(control.choices)
    if control.low is not None:
        words = ", ".join(filter(None, (f"{control.low:g} to {control.high:g} {control.unit}".strip(), words)))
    return words or "-"


def settings(as_json: bool) -> None:
    """Print every setting with its value and origin."""
    from twopop.settings import SETTINGS, load

    found = load()
    rows = [
        (setting.name, _shown(getattr(found, setting.name)), found.origin(setting.name), setting.unit, setting.help)
        for setting in SETTINGS
    ]
    if as_json:
        print_json([dict(zip(("name", "value", "origin", "unit", "help"), row, strict=True)) for row in rows])
        return
    table("Settings", ("name", "value", "from", "unit", "help"), rows)


def _shown(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report; ``remedy`` is empty when all is well."""

    what: str
    found: str
    well: bool
    remedy: str = ""


def doctor(as_json: bool) -> int:
    """Check everything; exit status 1 when something needed is missing."""
    checks = [*_versions(), *_assets(), *_folders(), *_packs(), _device(), _server()]
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        rows = [("ok" if check.well else "MISSING", check.what, check.found, check.remedy) for check in checks]
        table("twopop doctor", ("", "what", "found", "remedy"), rows)
    return 0 if all(check.well for check in checks) else 1


def _versions() -> list[Check]:
    checks = [Check("Python", f"{platform.python_version()} on {platform.platform()}", True, "")]
    for package in (
        "twopop",
        "av",
        "torch",
        "transformers",
        "faiss-cpu",
        "scenedetect-headless",
        "opentimelineio",
        "tinysoundfont",
    ):
        try:
            checks.append(Check(package, importlib.metadata.version(package), True))
        except importlib.metadata.PackageNotFoundError:
            alone = "--no-deps " if package == "tinysoundfont" else ""  # its own needs want PortAudio headers
            remedy = f"{sys.executable} -m pip install {alone}{package}"
            checks.append(Check(package, "not installed", False, remedy))
    return checks


def _device() -> Check:
    """What networks would run on, as the engine chooses."""
    from twopop.settings import load
    from twopop_models import devices
    from twopop_models.errors import EngineError

    try:
        return Check("device", str(devices.choose(load().device)), True)
    except EngineError as error:
        return Check("device", error.text, False, error.remedy)


def _assets() -> list[Check]:
    from twopop_models.assets import status

    return [Check(item.name, item.found, item.well, item.remedy) for item in status()]


def _folders() -> list[Check]:
    from twopop.settings import load

    found = load()
    checks = []
    for name in ("jobs_folder", "library_folder", "cache_folder", "packs_folder"):
        folder = getattr(found, name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".doctor"
            probe.write_text("x")
            probe.unlink()
            checks.append(Check(name, str(folder), True))
        except OSError as error:
            remedy = f"Make it writable, or set TWOPOP_{name.upper()} to another folder"
            checks.append(Check(name, f"{folder}: {error.strerror}", False, remedy))
    return checks


def _packs() -> list[Check]:
    """Installed packs; that none is there is no fault. Hashes take ``twopop models verify``."""
    from twopop.settings import load
    from twopop_models.packs.shelf import Shelf

    return [_pack(standing) for standing in Shelf(load().packs_folder).standings()]


def _pack(standing: Standing) -> Check:
    what, card = f"pack {standing.name}", standing.card
    if standing.fault is not None or card is None:
        text, remedy = (standing.fault.text, standing.fault.remedy) if standing.fault else ("", "")
        return Check(what, text, False, remedy)
    return Check(what, f"{card.bytes / 1e6:.0f} MB, {card.licence.name}", True)


def _server() -> Check:
    from twopop.discovery import read

    found = read()
    if found is None:
        return Check("server", "none running (twopop serve starts one)", True)
    return Check("server", f"{found.host}:{found.port}, pid {found.pid}, since {found.started}", True)
