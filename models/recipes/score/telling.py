"""What a piece is, and how people would say it: the text bridge of training.

Tags are merged into the paper's sentence pattern ("An uplifting pop track blending bass, synthesizer and drums ...")
by throwing dice over patterns; a language model may do it instead, see ``retold``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twopop_models.composers.diffusion.words import sentence
from twopop_models.composers.score.words import listed


@dataclass(frozen=True)
class Tags:
    """What is known of a piece; words of the control table, "" and () where nothing is."""

    genre: str = ""
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    pace: str = ""
    tempo: float = 0.0
    key: str = ""
    meter: str = "4/4"

    def attributes(self) -> tuple[tuple[str, str], ...]:
        """By which pieces are alike: (attribute, value)."""
        single = (("genre", self.genre), ("tempo", f"{self.pace}-paced" if self.pace else ""))
        moods = (("mood", mood) for mood in self.moods[:1])
        players = (("instrument", name) for name in self.instruments[:1])
        return tuple((name, value) for name, value in (*single, *moods, *players) if value)


_FRAMES = ("soundtrack", "track", "cue", "piece", "ballad", "score")
_BLEND = ("blending", "featuring", "with", "built on", "carried by")
_FEEL = ("evoking a {} feeling", "perfect for {} moments", "in a {} mood", "for a {} scene")


def told(tags: Tags, dice: np.random.Generator) -> str:
    """One sentence of 5 to 30 words. Now and then something is left unsaid."""
    moods, players = list(tags.moods), [name.replace("-", " ") for name in tags.instruments]
    dice.shuffle(players)
    first = moods.pop(0) if moods and dice.random() < 0.8 else ""
    genre = tags.genre if dice.random() < 0.9 else ""
    words = [word for word in (tags.pace if dice.random() < 0.3 else "", first, genre, _one(_FRAMES, dice)) if word]
    text = f"{'An' if words[0][0] in 'aeiou' else 'A'} {' '.join(words)}"
    if players and dice.random() < 0.85:
        some = players[: int(dice.integers(1, min(len(players), 5) + 1))]
        text += f" {_one(_BLEND, dice)} {listed(some)}"
    if moods and dice.random() < 0.7:
        text += f", {_one(_FEEL, dice).format(moods[0])}"
    return f"{text}{_asked(tags, dice)}"


def _asked(tags: Tags, dice: np.random.Generator) -> str:
    """The clause of the attribute controls, as describers append it, or the figures of the prompt."""
    parts = [
        f"{round(tags.tempo)} BPM" if tags.tempo and dice.random() < 0.5 else "",
        tags.key if tags.key and dice.random() < 0.5 else "",
        tags.meter if dice.random() < (0.3 if tags.meter == "4/4" else 0.8) else "",
    ]
    return "".join(f". {part}" for part in parts if part)


def styled(tags: Tags, text: str) -> tuple[tuple[str, str], ...]:
    """The sentence before style tokens, for each attribute: (attribute, text)."""
    return tuple((name, sentence(text, name, value)) for name, value in tags.attributes())


def retold(text: str, tags: Tags, ask: Callable[[str], str] | None = None) -> str:
    """The paper's own way: a language model merges the tags into one sentence.

    Args:
        text: what to fall back on where the model's answer is no single sentence.
        tags: of the piece.
        ask: a prompt to an answer; see ``local_model``.

    """
    if ask is None:
        return text
    said = ask(
        "Describe this music for a film editor in one sentence of about 20 words, naming mood, genre and instruments. "
        f"Genre: {tags.genre}. Moods: {', '.join(tags.moods)}. Instruments: {', '.join(tags.instruments)}. "
        f"Tempo: {tags.pace}. Answer with the sentence only."
    ).strip()
    return said if 5 <= len(said.split()) <= 40 and "\n" not in said else text


def local_model(folder: str) -> Callable[[str], str]:
    """A chat model in a folder of the hub's layout, on this computer; nothing is fetched.

    Raises:
        OSError: there is none.

    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import pipeline

    pipe = pipeline("text-generation", model=folder)

    def ask(prompt: str) -> str:
        answer = pipe([{"role": "user", "content": prompt}], max_new_tokens=80, do_sample=False)
        return str(answer[0]["generated_text"][-1]["content"])

    return ask


def _one(options: tuple[str, ...], dice: np.random.Generator) -> str:
    return options[int(dice.integers(len(options)))]
