"""What the tests of panel and actions share: a REAPER with a film on a track, and the server that scores it."""

from contextlib import contextmanager
from fractions import Fraction

from tests.clients.reaper.rig import Reaper

from twopop.demo.footage import clip_path

PANEL = "twopop_Score time selection.lua"
PATIENCE = 90.0


def film():
    """A real film, ten seconds at 25 frames a second."""
    return clip_path("bikes.mp4").resolve()


@contextmanager
def studio(version, folder, config, environment=None, **options):
    """A host whose project shows the film from second 10, two seconds of it selected."""
    environment = {"TWOPOP_CONFIG_DIR": str(config)} | (environment or {})
    with Reaper(version, folder, environment, **options) as host:
        dress(host.project)
        yield host


def dress(project):
    """Put the film into a project and select two seconds of it."""
    project.rate = Fraction(25)
    project.add_track("Video").add_video(film(), 10.0, 8.0)
    project.select(11.0, 13.0)
    return project


def stems(project):
    """Items that are ours, by track name."""
    return {track.name: track.items[0] for track in project.tracks if track.name != "Video" and track.items}


def score(host, seconds=PATIENCE):
    """Press Score and wait until the stems are there."""
    host.click("Score")
    host.tick(until=lambda: host.sees("Done.") or host.sees("That did not work."), seconds=seconds)
    assert host.sees("Done."), host.screen()[:8]


def opened(host, name=PANEL):
    """A script's window, as soon as the server's controls are in it: they came by the relay, and by nothing else."""
    host.run(name)
    host.tick(until=lambda: host.sees("twopop is ready.") and host.sees("genre"), seconds=PATIENCE)
    assert any("twopop.relay" in words for words in host.commands)
