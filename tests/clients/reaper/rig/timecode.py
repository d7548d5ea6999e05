"""Positions as REAPER writes them for people."""

from __future__ import annotations

from fractions import Fraction

from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Project


def position_text(project: Project, time: float, mode: int) -> str:
    """A time of the project: 0 m:ss.mmm, 3 seconds, 4 samples, 5 h:m:s:f with the project's start."""
    if mode == 0:
        minutes, seconds = divmod(abs(time), 60)
        return f"{'-' if time < 0 else ''}{int(minutes)}:{seconds:06.3f}"
    if mode == 3:
        return f"{time:.3f}"
    if mode == 4:
        return str(round(time * (project.sample_rate or 44_100)))
    if mode == 5:
        frame = round((Fraction(time) + Fraction(project.offset)) * project.rate)
        return timecode(frame, project.rate, project.drop)
    raise Violation(Kind.UNMODELLED, f"format_timestr_pos with mode {mode}")


def timecode(frame: int, rate: Fraction, drop: bool) -> str:
    """A frame's hours, minutes, seconds and frames; nine minutes of ten leave out two numbers of 30, four of 60."""
    whole, sign = round(rate), "-" if frame < 0 else ""
    frame = abs(frame)
    if drop:
        left_out = whole // 15
        tens, rest = divmod(frame, whole * 600 - left_out * 9)
        frame += left_out * (9 * tens + max(0, (rest - left_out) // (whole * 60 - left_out)))
    seconds, frame = divmod(frame, whole)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"
