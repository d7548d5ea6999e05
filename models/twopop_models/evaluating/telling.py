"""How much of a held-out piece a composer is told."""

from __future__ import annotations

from enum import StrEnum

from twopop_models.types import Description


class Telling(StrEnum):
    """All that is known of the music, or what a picture shows of it."""

    ALL = "all"
    MOOD = "mood"

    def of(self, text: Description) -> Description:
        """What is told of ``text``; of moods only: no genre, no players, no figures."""
        if self is Telling.ALL:
            return text
        return Description(f"Music for a scene: {', '.join(text.moods) or 'any mood'}", text.moods, author=text.author)
