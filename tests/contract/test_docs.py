from pathlib import Path

import pytest

from twopop.messages import ADDRESSES
from twopop.schema import FILES, main
from twopop.settings import SETTINGS
from twopop_models.controls import CONTROLS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", FILES)
def test_a_written_document_is_what_the_tables_say(name, tmp_path):
    main(tmp_path)
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert (DOCS.parent / name).read_text(encoding="utf-8") == written, "run python -m twopop.schema"


def test_nothing_is_left_out():
    osc = (DOCS / "osc.md").read_text(encoding="utf-8")
    for address in ADDRESSES:
        assert f"### `{address.path}" in osc
        assert all(f"| `{arg.name}` |" in osc for arg in address.args)
    assert all(f"| `{item.name}` |" in (DOCS / "controls.md").read_text(encoding="utf-8") for item in CONTROLS)
    assert all(f"| `{item.name}` |" in (DOCS / "settings.md").read_text(encoding="utf-8") for item in SETTINGS)
