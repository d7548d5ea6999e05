"""Table 5 of the paper: whether what is asked for is heard.

A neutral cue asks for nothing but its seed; others of the same seed ask for one instrument, genre or mood more, as a
user does: the control is set, the sentence is amended, and with references the targeted partition moves too. The
figure is the change of the text-audio score of the attribute's own words ("jazz music"), times 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twopop_models.controls import Controls
from twopop_models.describers.wording import amend, read_text
from twopop_models.evaluating import judging
from twopop_models.evaluating.playing import Order, Studio, bridged, picture
from twopop_models.evaluating.shelves import Shelf
from twopop_models.evaluating.statistics import mean_of
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS

SCENE: Final = "A scene"
WORDS: Final[dict[str, tuple[str, ...]]] = {"instruments": INSTRUMENTS, "genre": GENRES, "mood": tuple(MOODS)}
PAPER: Final = {"instruments": 11.46, "genre": 3.03, "mood": 4.14}
_SENTENCES: Final = {"instruments": "{} music", "genre": "{} music", "mood": "{} music"}


@dataclass(frozen=True)
class Question:
    """One word of a control, and the sentence that is listened for."""

    control: str
    word: str

    @property
    def sentence(self) -> str:
        """What the judge is asked."""
        return _SENTENCES[self.control].format(self.word.replace("-", " "))


def questions(count: int, seed: int = 0) -> tuple[Question, ...]:
    """``count`` words of each control, drawn by chance; all where there are no more."""
    rng = np.random.default_rng(seed)
    drawn = {control: [words[place] for place in rng.permutation(len(words))] for control, words in WORDS.items()}
    return tuple(Question(control, word) for control, words in drawn.items() for word in words[:count])


def evaluate(
    studio: Studio, asked: Sequence[Question], seeds: Sequence[int], seconds: float, shelf: Shelf | None = None
) -> tuple[Table, ...]:
    """The table by control, and that of all words. Without a ``shelf`` there are no references.

    Raises:
        EngineError: what the composer raises.

    """
    studio.wanted = len(seeds) * (1 + len(asked))
    gains: dict[Question, list[float]] = {question: [] for question in asked}
    for seed in seeds:
        neutral = _heard(studio, {}, seed, seconds, shelf)
        for question in asked:
            cue = _heard(studio, {question.control: question.word}, seed, seconds, shelf)
            gain = judging.text_audio(question.sentence, cue) - judging.text_audio(question.sentence, neutral)
            gains[question].append(100 * gain)
    return report(gains, with_references=shelf is not None)


def _heard(studio: Studio, pairs: dict[str, str], seed: int, seconds: float, shelf: Shelf | None) -> judging.Heard:
    controls = Controls.parse([("seed", str(seed)), ("hits", "off"), *pairs.items()])
    text = amend(read_text(SCENE), controls)
    broad = shelf.broad(text) if shelf else None
    targeted = shelf.targeted(text, controls) if shelf else None
    what = f"{' '.join(pairs.values()) or 'neutral'}, seed {seed}"
    played = studio.play(Order(picture(seconds), bridged(text, broad, targeted), controls), what)
    return judging.hear(played.mix, played.sample_rate)


def report(gains: dict[Question, list[float]], *, with_references: bool) -> tuple[Table, ...]:
    """Means by control, over words (all seeds of a word are one value); then every word over its seeds."""
    rows: list[tuple[Cell, ...]] = []
    for control in WORDS:
        found = [values for question, values in gains.items() if question.control == control]
        if not found:
            continue
        change = mean_of([float(np.mean(values)) for values in found])
        higher = sum(gain > 0 for values in found for gain in values) / sum(map(len, found))
        rows.append((control, change, 100 * higher, len(found), PAPER[control]))
    notes = (
        f"References are {'found for each request' if with_references else 'off'}.",
        "Paper: CLAP. Here: musicnn's Million Song head and MiniLM, whose cosines have another scale.",
    )
    columns = ("control", "change x100", "cues higher, %", "words", "paper, CLAPScore")
    words = tuple((question.control, question.word, mean_of(values), min(values)) for question, values in gains.items())
    each = Table("Every word", ("control", "word", "change x100", "least"), words)
    return Table("Table 5: change of the text-audio score", columns, tuple(rows), notes), each
