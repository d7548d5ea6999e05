"""The recipe of free MIDI files, over a WAD and scores made here."""

import csv
import json
import struct
import subprocess
import zipfile
from collections import Counter
from importlib.util import find_spec

import pytest
from tests.models.grid.midis import file, line, track

from recipes.score import corpora, judging, notation, wads
from twopop_models.grid.midifile import read
from twopop_models.score import PPQ, Meter
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS, PACES

with_music21 = pytest.mark.skipif(find_spec("music21") is None, reason="music21 is needed for recipes only")
CHORDS = [(48, 60, 64, 67), (53, 60, 65, 69), (55, 59, 62, 67), (48, 60, 64, 67)]


def wad(lumps):
    """An archive of (name, content)."""
    body, entries, place = b"", b"", 12
    for name, content in lumps:
        entries += struct.pack("<II8s", place + len(body), len(content), name.encode())
        body += content
    return b"IWAD" + struct.pack("<II", len(lumps), place + len(body)) + body + entries


def song(path, guitar=29):
    chords = track(*line([chord[1:] for chord in CHORDS], 1, guitar, 1_920))
    return file(path, chords, track(*line([36] * 16, 2, 33)), track(*line([36, 42, 38, 42] * 4, 9))).read_bytes()


def musicxml(rights="", first=1, voices=("C5", "A4", "E4", "A3")):
    """A chorale with a pick-up of ``first`` quarters and two bars of 4/4."""
    parts, listed = "", ""
    for number, pitch in enumerate(voices):
        listed += f'<score-part id="P{number}"><part-name>voice</part-name></score-part>'
        note = f"<note><pitch><step>{pitch[0]}</step><octave>{pitch[1]}</octave></pitch>"
        quarter = f"{note}<duration>1</duration><type>quarter</type></note>"
        marks = (
            "<attributes><divisions>1</divisions><key><fifths>0</fifths></key>"
            "<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
        )
        parts += f'<part id="P{number}"><measure number="0" implicit="yes">{marks}{quarter * first}</measure>'
        parts += "".join(f'<measure number="{bar}">{quarter * 4}</measure>' for bar in (1, 2)) + "</part>"
    said = f"<identification><rights>{rights}</rights></identification>" if rights else ""
    return (
        f'<?xml version="1.0"?><score-partwise version="3.1">{said}<part-list>{listed}</part-list>{parts}'
        "</score-partwise>"
    )


def test_songs_come_out_of_a_wad_in_order(tmp_path):
    midi = song(tmp_path / "a.mid")
    packed = wad([("PLAYPAL", b"x" * 20), ("D_E1M1", midi), ("D_INTRO", midi[:14]), ("D_E1M2", midi)])
    assert list(wads.songs(packed)) == [("D_E1M1", midi), ("D_E1M2", midi)]


@pytest.mark.parametrize("broken", [b"", b"ZWAD" + bytes(8), b"IWAD" + struct.pack("<II", 9, 12)])
def test_broken_archives_are_refused(broken):
    with pytest.raises(ValueError, match="WAD"):
        list(wads.songs(broken))


@pytest.mark.parametrize(
    ("folder", "text", "licence"),
    [
        ("bach", musicxml(), judging.SILENT),
        ("unheard", musicxml("Public Domain (Encoding by X: CC0)"), "public domain"),
        ("corelli", musicxml("© 2014, Creative Commons License (CC-BY)"), "CC-BY"),
        ("unheard", musicxml(), ""),
        ("bach", musicxml("All Rights Reserved"), ""),
        ("bach", musicxml("Copyright ©"), ""),
        ("webern", musicxml("P.D. (Canada); The edition CC-BY-SA Somebody"), ""),
        ("lusitano", musicxml("Public Domain, CC-BY-NC"), ""),
        ("monteverdi", musicxml(), ""),
        ("palestrina", "**kern\n!!!YEM: Rights to all derivative electronic formats reserved.", ""),
        ("josquin", "% under the terms of the GNU General Public License as published by", ""),
    ],
)
def test_pieces_are_judged_by_their_own_words_and_their_composers(folder, text, licence):
    verdict = judging.judge(folder, text)
    assert verdict.licence == licence
    assert verdict.why


@with_music21
def test_a_chorale_is_four_voices_with_its_pick_up(tmp_path):
    (tmp_path / "a.musicxml").write_text(musicxml())
    score = notation.read(tmp_path / "a.musicxml", notation.Custom(notation.CHOIR, 76.0, marked=False))
    assert [part.stem for part in score.parts] == ["melody", "harmony", "harmony", "bass"]
    assert {part.instrument for part in score.parts} == {"choir"}
    assert score.tempo_map.meters == (Meter(0, 1, 4), Meter(PPQ, 4, 4))
    assert score.tempo_map.pickup == PPQ
    assert score.tempo_map.bpm() == pytest.approx(76, abs=0.01)
    assert score.key == "A minor"
    assert [chord.name for chord in score.chords] == ["Am"]
    assert len(score.parts[0].notes) == 9


@with_music21
def test_a_table_and_lines_and_files_that_can_be_read(tmp_path):
    song(tmp_path / "a.mid")
    (tmp_path / "one.wad").write_bytes(
        wad(
            [
                ("D_E1M1", song(tmp_path / "a.mid")),
                ("D_E1M2", song(tmp_path / "a.mid")),
                ("D_X", song(tmp_path / "b.mid", 48)),
            ]
        )
    )
    corpus = tmp_path / "corpus" / "bach"
    corpus.mkdir(parents=True)
    (corpus / "good.musicxml").write_text(musicxml())
    (corpus / "again.musicxml").write_text(musicxml())
    (corpus / "tied.musicxml").write_text(musicxml("All Rights Reserved"))
    (corpus / "lone.musicxml").write_text(musicxml(voices=("C5",)))
    (corpus / "torn.musicxml").write_text(musicxml()[:300])
    with zipfile.ZipFile(corpus / "zipped.mxl", "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("zipped.xml", musicxml(voices=("D5", "A4", "F4", "D3")))
    refused = Counter()
    rows = corpora.put_away([*corpora.freedoom(tmp_path), *corpora.music21(corpus.parent, refused)], tmp_path / "out")
    corpora.write_table(rows, tmp_path / "pieces.tsv")
    names = [row.name for row in rows]
    assert names[:2] == ["freedoom-one-e1m1", "freedoom-one-x"]
    assert set(names[2:]) == {"music21-bach-again", "music21-bach-zipped"}
    assert refused == {
        "the file says: All Rights Reserved": 1,
        "a single line": 1,
        "there already": 1,
        next(why for why in refused if why.startswith("unreadable")): 1,
    }
    told = [json.loads(each) for each in (tmp_path / "out" / "pieces.jsonl").read_text().splitlines()]
    assert [each["name"] for each in told] == names
    for each in told:
        score = read(tmp_path / "out" / each["midi"])
        assert set(each["tags"]["instruments"]) == {part.instrument for part in score.parts} <= set(INSTRUMENTS)
        assert each["tags"]["genre"] in ("", *GENRES)
        assert set(each["tags"]["moods"]) <= set(MOODS)
        assert each["tags"]["tempo"] in PACES
    assert [each["tags"]["genre"] for each in told] == ["rock", "", "classical", "classical"]
    with (tmp_path / "pieces.tsv").open(encoding="utf-8", newline="") as table:
        listed = list(csv.DictReader(table, delimiter="\t"))
    assert [each["name"] for each in listed] == names
    assert all(each["licence"] and each["why"] for each in listed)


@with_music21
def test_the_command_unpacks_what_it_is_given(tmp_path):
    tree = tmp_path / "deb"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n"
    )
    (tree / "freedoom1.wad").write_bytes(wad([("D_E1M1", song(tmp_path / "a.mid"))]))
    subprocess.run(["dpkg-deb", "--build", str(tree), str(tmp_path / "x.deb")], check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as wheel:
        wheel.writestr("music21/corpus/bach/one.musicxml", musicxml())
    given = ["--music21", str(tmp_path / "x.whl"), "--freedoom", str(tmp_path / "x.deb")]
    corpora.main(["--out", str(tmp_path / "out"), "--table", str(tmp_path / "t.tsv"), *given])
    assert len((tmp_path / "out" / "pieces.jsonl").read_text().splitlines()) == 2
    assert (tmp_path / "t.tsv").read_text().count("\n") == 3


def test_the_table_that_is_kept_holds_nothing_unclear():
    with corpora.TABLE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    assert tuple(rows[0]) == corpora.COLUMNS
    assert len(rows) == len({row["name"] for row in rows}) > 300
    assert {row["licence"] for row in rows} <= {"BSD-3-Clause", "public domain", "CC0-1.0", "CC-BY", judging.SILENT}
