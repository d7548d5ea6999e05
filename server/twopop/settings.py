"""The table of settings, read once.

Order: what the command line gives, then the environment (``TWOPOP_PORT=...``), then ``settings.toml`` in the
config folder, then the default. Every value remembers where it came from.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twopop.errors import DeskError
from twopop_models.errors import closest

FILE: Final = "settings.toml"
DEVICES: Final = ("auto", "cuda", "mps", "cpu")
EMBEDDERS: Final = ("auto", "minilm_musicnn", "clap")
LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    """Every setting's value, named as in ``SETTINGS``; ``origins`` says where each came from."""

    host: str
    port: int
    media_roots: tuple[Path, ...]
    jobs_folder: Path
    library_folder: Path
    cache_folder: Path
    packs_folder: Path
    queue_limit: int
    keep_takes: int
    rerun_interrupted: bool
    max_range_seconds: float
    max_media_bytes: int
    max_pixels: int
    worker_memory_mb: int
    stage_timeout_s: float
    soundfont: Path | None
    device: str
    embedder: str
    log_level: str
    origins: tuple[tuple[str, str], ...] = ()

    def origin(self, name: str) -> str:
        """Where a value came from: "command line", the variable, the file, or "default"."""
        return dict(self.origins).get(name, "default")


Cast = Callable[[object], Any]
"""Makes a value of what a person wrote; ValueError's text says what it takes."""


@dataclass(frozen=True)
class Setting:
    """One row of the table. ``shown`` is the default in words where it depends on the computer."""

    name: str
    default: Callable[[], object]
    cast: Cast
    unit: str
    help: str
    shown: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"TWOPOP_{self.name.upper()}"


def _number(low: float, high: float = math.inf) -> Cast:
    def cast(value: object) -> float:
        number = _as_number(float, value)
        if number is None or not (math.isfinite(number) and low <= number <= high):
            raise ValueError(f"a number {_span(low, high)}")
        return number

    return cast


def _whole(low: int, high: float = math.inf) -> Cast:
    def cast(value: object) -> int:
        number = None if isinstance(value, float) else _as_number(int, value)
        if number is None or not low <= number <= high:
            raise ValueError(f"a whole number {_span(low, high)}")
        return int(number)

    return cast


def _as_number(kind: type[int] | type[float], value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return kind(value)
    except ValueError:
        return None


def _span(low: float, high: float) -> str:
    return f"from {low:.10g}" if high == math.inf else f"from {low:.10g} to {high:.10g}"


def _word(*words: str) -> Cast:
    def cast(value: object) -> str:
        if not isinstance(value, str) or (words and value.strip().lower() not in words) or not value.strip():
            raise ValueError(f"one of {', '.join(words)}" if words else "a text")
        return value.strip().lower()

    return cast


def _truth(value: object) -> bool:
    known = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
    found = known.get(str(value).strip().lower())
    if found is None:
        raise ValueError("yes or no")
    return found


def _path(value: object) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip():
        raise ValueError("a folder or file")
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError("a whole path, from the root or from ~")
    return path


def _jobs_folder(value: object) -> Path:
    path = _path(value)
    if len(os.fsencode(path)) > 480:  # so that the paths of stems fit into a message
        raise ValueError("a path of at most 480 bytes")
    return path


def _paths(value: object) -> tuple[Path, ...]:
    items = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items:
        raise ValueError(f"folders, separated by {os.pathsep!r} or as a list")
    return tuple(_path(item) for item in items)


def _optional_path(value: object) -> Path | None:
    return None if value in ("", None) else _path(value)


def _user_folder(kind: str, *below: str) -> Callable[[], Path]:
    def folder() -> Path:
        import platformdirs

        arguments = () if kind == "user_documents_dir" else ("twopop", False)
        return Path(getattr(platformdirs, kind)(*arguments), *below)

    return folder


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("host", lambda: "127.0.0.1", _word(), "", "Address to listen on; beyond this machine only with a token."),
    Setting("port", lambda: 7771, _whole(0, 65535), "", "UDP port; 0 takes any free one."),
    Setting(
        "media_roots",
        lambda: (Path.home(),),
        _paths,
        "",
        "Folders below which media may be read.",
        "your home folder",
    ),
    Setting(
        "jobs_folder",
        _user_folder("user_documents_dir", "Twopop", "jobs"),
        _jobs_folder,
        "",
        "Where jobs and their takes are kept.",
        "Twopop/jobs in your documents",
    ),
    Setting(
        "library_folder",
        _user_folder("user_data_dir", "library"),
        _path,
        "",
        "Where the reference library is kept.",
        "library in the user's data folder",
    ),
    Setting(
        "cache_folder",
        _user_folder("user_cache_dir"),
        _path,
        "",
        "What has been seen and may be forgotten.",
        "the user's cache folder",
    ),
    Setting(
        "packs_folder",
        _user_folder("user_data_dir", "packs"),
        _path,
        "",
        "Where model packs are installed.",
        "packs in the user's data folder",
    ),
    Setting("queue_limit", lambda: 64, _whole(1, 10_000), "jobs", "How many jobs may wait."),
    Setting("keep_takes", lambda: 0, _whole(0), "takes", "Older finished takes are deleted; 0 keeps all."),
    Setting("rerun_interrupted", lambda: True, _truth, "", "Whether jobs that a stop of the server cut off run again."),
    Setting("max_range_seconds", lambda: 3600.0, _number(1, 86_400), "s", "Longest range."),
    Setting("max_media_bytes", lambda: 256 << 30, _whole(1), "bytes", "Largest media file."),
    Setting("max_pixels", lambda: 50_000_000, _whole(1), "pixels", "Largest picture, width times height."),
    Setting("worker_memory_mb", lambda: 0, _whole(0), "MB", "Most memory of the engine process; 0 sets no limit."),
    Setting("stage_timeout_s", lambda: 120.0, _number(1), "s", "An engine without progress for so long is stopped."),
    Setting("soundfont", lambda: None, _optional_path, "", "SoundFont to play with.", "the best one found here"),
    Setting("device", lambda: "auto", _word(*DEVICES), "", f"Where networks run: {', '.join(DEVICES)}."),
    Setting(
        "embedder", lambda: "auto", _word(*EMBEDDERS), "", f"What references are found by: {', '.join(EMBEDDERS)}."
    ),
    Setting("log_level", lambda: "info", _word(*LEVELS), "", f"How much is logged: {', '.join(LEVELS)}."),
)
"""Every setting: name, default, how it is read, unit, help."""


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where ``settings.toml`` and the discovery file lie: ``TWOPOP_CONFIG_DIR``, else the user's config folder."""
    import platformdirs

    given = (os.environ if environ is None else environ).get("TWOPOP_CONFIG_DIR")
    return Path(given) if given else Path(platformdirs.user_config_dir("twopop", False))


def load(given: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """All settings.

    Args:
        given: values of the command line by setting; text or already of the right type.
        environ: the environment, ``os.environ`` if None.

    Raises:
        DeskError: ``bad_setting``, naming the setting, where it was set, and what it takes.

    """
    environ = os.environ if environ is None else environ
    file = config_folder(environ) / FILE
    layers = (
        ("command line", _known(given or {}, "the command line")),
        ("", {item.name: environ[item.variable] for item in SETTINGS if environ.get(item.variable)}),
        (str(file), _known(_read(file), str(file))),
    )
    values: dict[str, Any] = {}
    origins = []
    for setting in SETTINGS:
        found = next(((where or setting.variable, layer) for where, layer in layers if setting.name in layer), None)
        if found is None:
            values[setting.name] = setting.default()
        else:
            values[setting.name] = _cast(setting, found[1][setting.name], found[0])
            origins.append((setting.name, found[0]))
    return Settings(**values, origins=tuple(origins))


def _cast(setting: Setting, value: object, where: str) -> object:
    try:
        return setting.cast(value)
    except ValueError as error:
        text = f"Setting {setting.name} from {where} cannot be {value!r}"
        raise DeskError("bad_setting", text, f"It takes {error}.") from error


def _known(layer: Mapping[str, object], where: str) -> Mapping[str, object]:
    names = [setting.name for setting in SETTINGS]
    for name in layer:
        if name not in names:
            raise DeskError("bad_setting", f"There is no setting {name!r}, found in {where}", closest(name, names))
    return layer


def _read(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DeskError("bad_setting", f"{file} cannot be read: {error}", "Correct it, or delete it.") from error
