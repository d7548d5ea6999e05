"""Errors of the desk, and the one list of all codes.

TwopopError                            root, in ``twopop_models.errors`` with the engine's own leaves
  + RequestError                       the message can be fixed by whoever sent it
  |   bad_message message_too_large unknown_address bad_argument protocol_mismatch bad_token
  |   bad_job bad_media bad_range bad_rate bad_timecode text_required
  |   job_unknown job_exists queue_full
  + DeskError                          the server's surroundings can be fixed by whoever runs it
  |   bad_setting address_in_use token_required jobs_in_use jobs_folder disk_full take_unreadable server_gone
  |   reaper_missing scripts_missing not_installed
  + WorkerError                        the engine process failed; the queue lives on
      worker_died worker_hung out_of_memory interrupted

Codes never change once released; texts may. ``EXPLAINED`` says what each means and what to do, and
``docs/errors.md`` is written from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twopop_models.errors import TwopopError


class RequestError(TwopopError):
    """A message is wrong, or asks for what cannot be; the client can fix it."""

    codes = (
        "bad_message",
        "message_too_large",
        "unknown_address",
        "bad_argument",
        "protocol_mismatch",
        "bad_token",
        "bad_job",
        "bad_media",
        "bad_range",
        "bad_rate",
        "bad_timecode",
        "text_required",
        "job_unknown",
        "job_exists",
        "queue_full",
    )


class DeskError(TwopopError):
    """The server's settings, folders or disk are at fault; whoever runs it can fix them."""

    codes = (
        "bad_setting",
        "address_in_use",
        "token_required",
        "jobs_in_use",
        "jobs_folder",
        "disk_full",
        "take_unreadable",
        "server_gone",
        "reaper_missing",
        "scripts_missing",
        "not_installed",
    )


class WorkerError(TwopopError):
    """The engine process failed its job."""

    codes = ("worker_died", "worker_hung", "out_of_memory", "interrupted")


@dataclass(frozen=True)
class Explained:
    """What a code means, and what its reader can do."""

    code: str
    meaning: str
    remedy: str


EXPLAINED: Final[tuple[Explained, ...]] = (
    # messages
    Explained("bad_message", "The datagram is no OSC message, or a damaged one.", "Check the client's OSC library."),
    Explained("message_too_large", "A datagram has more than 8,192 bytes.", "Shorten the texts; send files by path."),
    Explained("unknown_address", "No message has this address.", "See osc.md; addresses are exact, without patterns."),
    Explained(
        "bad_argument",
        "An argument is missing, too many, of the wrong type, out of range, or holds control characters.",
        "See the address in osc.md; the error names the argument.",
    ),
    Explained("protocol_mismatch", "Client and server speak different versions.", "Update the older one."),
    Explained(
        "bad_token",
        "The server wants a token and this sender has said none, or a wrong one.",
        "Say `/twopop/hello` with the token of the server's discovery file, from the port that then sends the rest.",
    ),
    Explained(
        "bad_job",
        "The job id cannot be used as a folder's name.",
        "Use 1 to 64 of the characters A-Z a-z 0-9 . _ - and begin with a letter or a digit.",
    ),
    Explained("bad_media", "The media path is not absolute, or too long.", "Send the whole path, at most 900 bytes."),
    Explained("bad_range", "The frame range is empty, negative or backwards.", "Send 0 <= first < stop."),
    Explained(
        "bad_rate",
        "The frame rate is no positive fraction that the server can use.",
        "Send two whole numbers, such as 25 1 or 24000 1001.",
    ),
    Explained(
        "bad_timecode",
        "A timecode label is malformed, or does not exist because drop-frame counting leaves it out.",
        "Write HH:MM:SS:FF, with ; before FF for drop-frame.",
    ),
    Explained(
        "text_required", "There is neither media nor the control `text`.", "Give a picture, or say what to score."
    ),
    Explained("job_unknown", "The server knows no job of that id.", "Ask for it with `/twopop/score`."),
    Explained("job_exists", "The id already stands for another request.", "Choose a new job id."),
    Explained("queue_full", "Too many jobs wait.", "Wait, or cancel some."),
    # the server's surroundings
    Explained("bad_setting", "A setting has an impossible value, or an unknown name.", "The error names the setting."),
    Explained(
        "address_in_use", "Another program listens on the port, or the host is not ours.", "Choose another port."
    ),
    Explained(
        "token_required",
        "The server is asked to listen beyond this machine without a token.",
        "Start it with --token, or listen on 127.0.0.1.",
    ),
    Explained("jobs_in_use", "Another server works in the jobs folder.", "Stop it, or use another jobs folder."),
    Explained("jobs_folder", "The jobs folder cannot be written.", "Check its permissions."),
    Explained("disk_full", "The disk of the jobs folder is full.", "Free some space and ask again."),
    Explained("take_unreadable", "A finished take has gone, or is damaged.", "Score it again under a new id."),
    Explained("server_gone", "The server does not answer.", "Start it with twopop serve, or look into its log."),
    # the engine process
    Explained(
        "reaper_missing",
        "REAPER's resource folder is not where it usually is.",
        "Pass --resource-path; REAPER's Options menu shows it.",
    ),
    Explained("scripts_missing", "The installation lacks the scripts for REAPER.", "Install twopop again."),
    Explained(
        "not_installed",
        "There is nothing of ours to take away.",
        "Pass another folder, or use what put it there.",
    ),
    Explained("worker_died", "The engine process crashed.", "Ask again; report it when it happens twice."),
    Explained("worker_hung", "The engine made no progress and was stopped.", "Ask again, or raise stage_timeout_s."),
    Explained("out_of_memory", "The engine ran out of memory.", "Score a shorter range, or raise worker_memory_mb."),
    Explained("interrupted", "The server stopped while the job ran.", "Send the same score again; it starts anew."),
    # the engine
    Explained("internal", "A fault of ours that nobody foresaw.", "Report it with the server's log."),
    Explained("cancelled", "The job was cancelled; not a failure.", ""),
    Explained("media_missing", "There is no such file.", "Check the path."),
    Explained("media_unreadable", "The file is damaged or of an unknown format.", "Convert it, or send another file."),
    Explained("media_no_picture", "The file holds no picture.", "Send a video, a still or a timeline."),
    Explained("media_too_large", "The file or its picture is larger than the server allows.", "Send a smaller proxy."),
    Explained("media_too_long", "The range is longer than the server allows.", "Score it in parts."),
    Explained("media_range", "The range begins after the end of the picture.", "Check the range and the rate."),
    Explained(
        "media_forbidden",
        "The file is outside the media folders, or is no regular local file.",
        "Move it below a media folder, or start the server with --media-root.",
    ),
    Explained("timeline_unreadable", "The .otio file, or a clip that it names, cannot be used.", "Export it again."),
    Explained("unknown_control", "There is no control of that name.", "See controls.md; the error names the nearest."),
    Explained("bad_control", "A control cannot have this value.", "See controls.md; the error says what it takes."),
    Explained("hits_unreadable", "A file of hits cannot be read as one.", "See hits.md for what can; export it again."),
    Explained(
        "base_missing",
        "There is no finished take of the name in the control `base`, or no such variation of it.",
        "Name a finished job, or the folder of a take; a variation as job:2.",
    ),
    Explained(
        "base_forbidden",
        "The folder in the control `base` is outside the jobs folder and the media folders.",
        "Name the job, or move the take below a media folder.",
    ),
    Explained(
        "base_mismatch",
        "The base take has another picture, range or rate, or the request gives a control another value than it has.",
        "Send the base's own range; beside `base` give only redo, stems, seed and variations.",
    ),
    Explained(
        "base_no_score",
        "The base take has no score that can be worked on again, or it is damaged.",
        "Score the range again and use that take.",
    ),
    Explained(
        "base_outdated",
        "This version would write another form, tempo or harmony than the base take has.",
        "Score the range again and use that take.",
    ),
    Explained(
        "base_too_loud",
        "What is kept of the base take would clip without what it was balanced against.",
        "Redo all stems, or score the base at a lower loudness.",
    ),
    Explained("redo_range", "The frames in the control `redo` are not inside the range.", "Send first:stop inside it."),
    Explained("stem_missing", "The base take has no stem of that name.", "The error lists those that it has."),
    Explained("library_empty", "The reference library holds no track that fits.", "Add music: twopop library add."),
    Explained("track_missing", "A track named by the control `reference` is unknown.", "See twopop library list."),
    Explained("track_unreadable", "A track cannot be decoded.", "Convert it, or take it out of the library."),
    Explained(
        "held_unreadable",
        "A file of held-out music for `twopop evaluate` cannot be used.",
        "Write it in the format that `docs/benchmarks.md` shows.",
    ),
    Explained("library_corrupt", "The library's files do not fit together.", "Delete the library folder, add again."),
    Explained(
        "library_unavailable",
        "The library is locked, its disk is full, or its folder cannot be written.",
        "Close what else uses it; check the folder.",
    ),
    Explained("asset_missing", "A model file or SoundFont is not installed.", "Run twopop doctor; it says how."),
    Explained("asset_corrupt", "A model file differs from what was published.", "Install its package again."),
    Explained("render_failed", "The synthesiser or the mastering failed.", "Report it with the server's log."),
    Explained("offline", "A download is needed and the hub is out of reach.", "The error says how else."),
    Explained("extra_missing", "A Python package that only this back end needs is missing.", "The error says which."),
    Explained("pack_missing", "A model pack is not installed.", "Run twopop models get with its name."),
    Explained("pack_corrupt", "Files of a model pack are not those of its card.", "Remove it and get it again."),
    Explained("pack_unsafe", "A model holds what could run code.", "Look for a release in safetensors."),
    Explained("packs_unwritable", "The packs folder cannot be written, or its disk is full.", "Free some space."),
    Explained("licence_not_accepted", "The terms of a model pack were not accepted.", "Get it anew and read them."),
    Explained("device_missing", "The device asked for is not there.", "Set device to auto, or run twopop doctor."),
    Explained("device_memory", "Even the frugal way needs more memory.", "Score a shorter range, or use band."),
)
"""Every code of both trees, in the order of ``docs/errors.md``."""


def leaves(root: type[TwopopError] = TwopopError) -> Iterator[type[TwopopError]]:
    """The classes of the tree under ``root``, itself first."""
    yield root
    for branch in root.__subclasses__():
        yield from leaves(branch)


def family(code: str) -> str:
    """The name of the class that carries a code; empty when none does."""
    return next((leaf.__name__ for leaf in leaves() if code in leaf.codes), "")


ALL_CODES: Final[tuple[str, ...]] = tuple(code for leaf in leaves() for code in leaf.codes)
"""The one list of all codes, gathered from the classes."""
