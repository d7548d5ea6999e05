"""The text bridge and the attributes as tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twopop_models.composers.diffusion.lineup import Models
from twopop_models.controls import Controls
from twopop_models.types import Bridges, Description
from twopop_models.vocabulary import PACES

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Words:
    """Tokens (1, S, W), exactly zero where padded, and which of them are words: (1, S) bool."""

    tokens: Tensor
    there: Tensor


def prompt(bridges: Bridges, controls: Controls, tempo: float, styled: bool) -> str:
    """What the text encoder reads: the description, what was asked for, and the attributes.

    Before style tokens the attributes stand last, as in the paper: "With fast-paced tempo: [Embedding]".
    """
    told = bridges.text.sentence.rstrip(" .")
    extra = [word for word in (*controls.mood, controls.genre, *controls.wanted) if word and word not in told.lower()]
    parts = [told, ", ".join(extra), f"{round(tempo)} BPM"]
    key = controls.key or bridges.text.key
    if key:
        parts.append(key)
    text = ". ".join(filter(None, parts))
    return sentence(text, "tempo", pace(tempo)) if styled else text


def sentence(text: str, attribute: str, value: str) -> str:
    """A description before style tokens, as in the paper: "With fast-paced tempo: [Embedding]".

    >>> sentence("A chase.", "tempo", "fast-paced")
    'A chase. With fast-paced tempo:'
    """
    return f"{text.rstrip(' .')}. With {value} {attribute}:"


def pace(tempo: float) -> str:
    """A tempo in the paper's words: slow-paced, medium-paced or fast-paced."""
    above = [name for name, (_, high) in PACES.items() if tempo < high]
    return f"{above[0] if above else list(PACES)[-1]}-paced"


def refusal(text: Description, controls: Controls) -> str:
    """What must not be heard, for the other side of guidance; "" where all may be."""
    refused = (*controls.forbidden, *(name for name in text.refused if name not in controls.wanted))
    return ", ".join(refused)


def encode(models: Models, text: str, spare: int = 0) -> Words:
    """A text as tokens of the context, as Stable Audio has them.

    Args:
        models: of them, tokenizer, text encoder and projection.
        text: longer ones are cut.
        spare: slots at the end that must stay free, for style tokens.

    """
    import torch

    length = models.tokenizer.model_max_length
    read = models.tokenizer(text, truncation=True, max_length=length - spare, return_tensors="pt")
    padded = models.tokenizer.pad(read, padding="max_length", max_length=length, return_tensors="pt")
    device = models.device.name
    mask = padded["attention_mask"].to(device)
    with torch.inference_mode():
        hidden = models.text_encoder(padded["input_ids"].to(device), attention_mask=mask)[0]
        tokens = models.projection(text_hidden_states=hidden).text_hidden_states
        tokens = tokens * mask.unsqueeze(-1).to(tokens.dtype)
    return Words(tokens.clone(), mask.bool())
