"""What is in the picture, as far as EfficientNet-lite0 can tell: 1,000 ImageNet classes, grouped into scenes.

It names objects, not scenes and not people (ImageNet has no class for a person), and it can be sure
and wrong. So each image is seen twice, squeezed whole and as its middle square, the two answers are
averaged, and only what stands above the thresholds below is said at all.

Same bits: the network runs in eval mode, one thread per image.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from twopop_models import assets
from twopop_models.describers._scenes import scene_of
from twopop_models.types import Images, Progress, Stage, ignore

if TYPE_CHECKING:
    import torch

SIDE = 224
MEAN, SPREAD = 0.498, 0.502
"""(pixel - 127) / 128, as TensorFlow's lite models were trained; torchvision's values do worse."""

SURE = 0.3
"""An object is named when both views together give it this probability.

On three shipped clips and eight photographs of scikit-image that names eight objects: five right or nearly so,
a unicycle that is a bicycle, a drilling rig that is a launch tower, an albatross that is a cartoon rabbit.
"""

PRESENT = 0.12
"""A scene is named when its classes together have this mean probability over all images, and one of
them is sure in one image: one image alone, or a faint guess in many, is not enough."""

FAINT = 0.05
"""A class below this in an image says nothing: a picture of nothing spreads itself over all animals."""

MOST_IMAGES = 12
"""More images than this are thinned out evenly: about 40 ms each on one core."""

Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Sighting:
    """An object, the request's frame it was surest in, and the probability given to it there."""

    name: str
    frame: int
    probability: float


@dataclass(frozen=True)
class Seen:
    """Scene words with their mean probability, and objects; both the strongest first, perhaps empty."""

    scenes: tuple[tuple[str, float], ...] = ()
    sightings: tuple[Sighting, ...] = ()


class Classifier:
    """EfficientNet-lite0 with the names of its classes; ``warm`` loads it once."""

    def __init__(self) -> None:
        self._network: Any = None
        self._names: tuple[str, ...] = ()

    def warm(self) -> None:
        """Load weights and names; raises ``EngineError`` (``asset_missing``, ``asset_corrupt``)."""
        if self._network is not None:
            return
        weights, names = assets.verify("efficientnet-lite0"), assets.verify("imagenet-names")
        import torch
        from efficientnet_lite_pytorch import EfficientNet

        network = EfficientNet.from_name("efficientnet-lite0")
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        self._names = tuple(json.loads(names.read_text("utf-8")))
        self._network = network.eval().to(memory_format=torch.channels_last)  # a third less time

    def look(self, images: Images, frames: tuple[int, ...], progress: Progress = ignore) -> Seen:
        """What at most ``MOST_IMAGES`` of the (n, h, w, 3) images show; ``frames`` names the frame of each."""
        self.warm()
        chosen = np.unique(np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).round().astype(int))
        table = np.stack(list(self._classified([images[index] for index in chosen], progress)))
        return Seen(self._scenes(table), self._sightings(table, [frames[index] for index in chosen]))

    def _classified(self, images: list[NDArray[np.uint8]], progress: Progress) -> Iterator[Probabilities]:
        """Answers in the order of the images. Each is made by one thread, so their number changes no bit."""
        import torch

        threads = min(len(images), os.cpu_count() or 1)
        with (
            _one_thread(),
            ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
            closing(cast("Generator[Probabilities]", pool.map(self._classify, images))) as answers,
        ):  # a cancel closes the answers, which drops those not begun
            for done, answer in enumerate(answers):
                progress(Stage.DESCRIBE, done / len(images))
                yield answer

    def _classify(self, image: NDArray[np.uint8]) -> Probabilities:
        """Probability of each class, (1000,), averaged over two views of an (h, w, 3) image."""
        import torch

        with torch.inference_mode():
            views = torch.cat(list(_views(image))).contiguous(memory_format=torch.channels_last)
            answers = self._network(views).softmax(1).numpy()
        both: Probabilities = answers.mean(axis=0, dtype=np.float32)
        return both

    def _scenes(self, table: Probabilities) -> tuple[tuple[str, float], ...]:
        """Scenes of an (images, 1000) table."""
        means = np.where(table >= FAINT, table, 0).mean(axis=0, dtype=float)
        best = table.max(axis=0)
        totals: dict[str, float] = {}
        sure: set[str] = set()
        for number in np.flatnonzero(means):
            scene = scene_of(int(number), self._names[number])
            totals[scene] = totals.get(scene, 0.0) + float(means[number])
            sure |= {scene} if best[number] >= SURE else set()
        found = [(scene, total) for scene, total in totals.items() if scene in sure - {""} and total >= PRESENT]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))

    def _sightings(self, table: Probabilities, frames: list[int]) -> tuple[Sighting, ...]:
        best: dict[str, Sighting] = {}
        for row, frame in zip(table, frames, strict=True):
            number = int(row.argmax())
            sighting = Sighting(self._names[number].split(" (")[0], frame, float(row[number]))
            known = best.get(sighting.name)
            if sighting.probability >= SURE and (known is None or sighting.probability > known.probability):
                best[sighting.name] = sighting
        return tuple(sorted(best.values(), key=lambda sighting: (-sighting.probability, sighting.frame)))


def _views(image: NDArray[np.uint8]) -> Iterator[torch.Tensor]:
    """The whole image squeezed into a square, and its middle square: (1, 3, SIDE, SIDE) each."""
    import torch
    from PIL import Image

    picture = Image.fromarray(image)
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    for box in ((0, 0, *picture.size), (left, top, left + side, top + side)):
        small = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
        pixels = (np.asarray(small, np.float32) / 255 - MEAN) / SPREAD
        yield torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums come out in one order, whatever the number of cores; the setting is put back."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
