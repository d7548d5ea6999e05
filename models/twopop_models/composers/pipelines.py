"""The packages that composers by networks need: are they here, and are they quiet."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from twopop_models.errors import EngineError


def require(composer: str) -> None:
    """Import what pipelines need, and keep their progress bars off our terminal.

    Raises:
        EngineError: ``extra_missing``.

    """
    try:
        diffusers, transformers = (importlib.import_module(name) for name in ("diffusers", "transformers"))
    except ImportError as error:
        raise missing(composer, error) from error
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()


def missing(composer: str, error: ImportError) -> EngineError:
    """The error of a package that is not installed."""
    text = f"The composer {composer} needs packages that are not installed ({str(error).splitlines()[0]})"
    return EngineError("extra_missing", text, 'Run: pip install "twopop[diffusion]"')


@contextmanager
def hushed() -> Iterator[None]:
    """While networks are read, without the warning that diffusers' Oobleck calls forth for each of its layers."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)
        yield


def quiet(pipeline: Any) -> Any:
    """A pipeline of diffusers that prints nothing."""
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
