"""Tokenizers of a pack: tried when it is installed, and read here when it is used.

Some tokenizer classes come up empty, without a word, where their files are missing: every sentence is then the same
to the model. ``AutoTokenizer`` does raise; how many tokens it knows is compared with what the encoder was made for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from twopop_models.packs import safety

_REAL: Final = 1000
"""An encoder that was made for more tokens than this is no toy."""

_FEWEST: Final = 6
"""What an empty tokenizer of any kind does not reach but with its own special tokens."""


def check(folder: Path) -> None:
    """Load every tokenizer of a pack and count its tokens.

    Raises:
        EngineError: ``pack_corrupt`` where one cannot be loaded, is empty, or is not that of its encoder.

    """
    for path in sorted(folder.rglob("tokenizer_config.json")):
        _check(path.parent, _made_for(folder, path.parent))


def read(pack: Path, tokenizer: Path) -> Any:
    """One tokenizer of the pack in a folder, checked.

    Raises:
        EngineError: ``pack_corrupt`` as ``check`` does.

    """
    return _check(tokenizer, _made_for(pack, tokenizer))


def _check(folder: Path, wanted: int) -> Any:
    tokenizer = _loaded(folder)
    found = len(tokenizer)
    if wanted > _REAL and not 0.95 * wanted <= found <= wanted:
        raise safety.broken(f"The tokenizer in {folder.name} knows {found} tokens, its encoder {wanted}")
    if found < _FEWEST or (wanted and found > wanted):
        raise safety.broken(f"The tokenizer in {folder.name} knows {found} tokens only, or more than its encoder")
    return tokenizer


def _loaded(folder: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever it is, the pack is of no use
        raise safety.broken(f"The tokenizer in {folder.name} cannot be loaded: {error}") from error


def _made_for(pack: Path, tokenizer: Path) -> int:
    """How many tokens the encoder beside a tokenizer has; 0 where that is not said.

    ``tokenizer_2`` belongs to ``text_encoder_2``; a tokenizer in the root to the configuration there.
    """
    folder = pack if tokenizer == pack else pack / tokenizer.name.replace("tokenizer", "text_encoder")
    try:
        config: Any = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return 0
    for place in (config, config.get("text_config"), config.get("text_encoder"), config.get("encoder")):
        if isinstance(place, dict) and isinstance(place.get("vocab_size"), int):
            return int(place["vocab_size"])
    return 0
