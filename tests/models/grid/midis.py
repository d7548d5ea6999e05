"""Small MIDI files, made by hand."""

from mido import Message, MetaMessage, MidiFile, MidiTrack


def track(*events, name="", end=0):
    """(tick, message) in any order, with the ticks between them."""
    made, now = MidiTrack(), 0
    if name:
        made.append(MetaMessage("track_name", name=name))
    for tick, message in sorted(events, key=lambda event: event[0]):
        made.append(message.copy(time=tick - now))
        now = tick
    made.append(MetaMessage("end_of_track", time=max(0, end - now)))
    return made


def line(pitches, channel=0, program=None, length=480, first=0, velocity=90):
    """Events of notes (or chords) one after another; None rests."""
    events = [] if program is None else [(0, Message("program_change", channel=channel, program=program))]
    for number, struck in enumerate(pitches):
        start = first + number * length
        for pitch in () if struck is None else struck if isinstance(struck, tuple) else (struck,):
            events.append((start, Message("note_on", channel=channel, note=pitch, velocity=velocity)))
            events.append((start + length, Message("note_off", channel=channel, note=pitch)))
    return events


def file(path, *tracks, division=480, kind=1):
    """Write tracks to a file."""
    made = MidiFile(type=kind, ticks_per_beat=division)
    made.tracks.extend(tracks)
    made.save(path)
    return path
