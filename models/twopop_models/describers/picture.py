"""The built-in describer: rules on measured pictures and an object classifier. No vision-language model.

It measures editing, motion, light and colour (``_measures``, ``_palette``), names what EfficientNet-lite0
is sure of (``_objects``, ``_scenes``), and turns that into tags by fixed rules (``_rules``) and into one
sentence (``_sentence``). ``evidence`` holds every number that a rule looked at.
"""

from __future__ import annotations

from twopop_models.describers import _rules
from twopop_models.describers._measures import measure
from twopop_models.describers._objects import Classifier
from twopop_models.describers._palette import palette_of
from twopop_models.describers._sentence import sentence
from twopop_models.types import Description, Frames, Progress, Stage, ignore

AUTHOR = "picture (measured colours, motion and cuts, EfficientNet-lite0 objects; no vision-language model)"


class Describer:
    """Describes what a picture's measures call for."""

    name = "picture"

    def __init__(self) -> None:
        self._classifier = Classifier()

    def warm(self) -> None:
        """Load the classifier, once.

        Raises:
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """
        self._classifier.warm()

    def describe(self, frames: Frames, progress: Progress = ignore) -> Description:
        """Describe the music that the picture asks for: two moods, one or two genres, three instruments.

        Raises:
            ValueError: there is no image; a text is read by ``wording.read_text``.
            Cancelled: from ``progress``.
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """
        if not len(frames.images):
            raise ValueError("there is no image to describe")
        seen = self._classifier.look(frames.images, frames.image_frames, progress)
        measures = measure(frames, palette_of(frames.images), seen)
        feeling = _rules.feel(measures)
        moods, tempo = _rules.moods(feeling), _rules.tempo(feeling)
        genres = _rules.genres(feeling, measures)
        instruments = _rules.instruments(feeling, genres[0], moods[0], measures)
        progress(Stage.DESCRIBE, 1.0)
        return Description(
            sentence(moods, genres[0], instruments, tempo, measures),
            moods,
            genres,
            instruments,
            tempo,
            AUTHOR,
            (*measures.facts, f"valence {feeling.valence:+.2f}, arousal {feeling.arousal:+.2f}: {', '.join(moods)}"),
        )
