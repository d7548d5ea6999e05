"""What a piece of music is: an audio file in, everything a reference track needs out.

Conventions: times are float seconds from the first sample of the file; tempo is in beats per
minute; loudness in LUFS; tags carry probabilities of the musicnn taggers, never certainties.

    heard = analyse(Path("calm.opus"))
    found = words(heard.tags, heard.tempo, heard.key, heard.energy)
    sentence = describe_track(found, heard.tempo, heard.key)
"""

from __future__ import annotations

from twopop_models.analysis.decoding import decode
from twopop_models.analysis.listening import VERSION, Analysis, Progress, analyse, warm
from twopop_models.analysis.musicnn import TAGS
from twopop_models.analysis.wording import Words, describe_track, words

__all__ = ["TAGS", "VERSION", "Analysis", "Progress", "Words", "analyse", "decode", "describe_track", "warm", "words"]
