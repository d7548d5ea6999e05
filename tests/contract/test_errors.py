import ast
from collections import Counter
from pathlib import Path

import pytest

from twopop.errors import ALL_CODES, EXPLAINED, family, leaves
from twopop_models.errors import TwopopError

ROOT = Path(__file__).parents[2]
LEAVES = {leaf.__name__: leaf for leaf in leaves()}


def test_every_code_belongs_to_one_class():
    assert [code for code, count in Counter(ALL_CODES).items() if count > 1] == []
    assert family("bad_range") == "RequestError"
    assert family("never_heard_of") == ""


def test_every_code_is_explained_once():
    assert Counter(item.code for item in EXPLAINED) == Counter(ALL_CODES)


def test_codes_are_plain_and_meanings_are_sentences():
    for item in EXPLAINED:
        assert item.code.replace("_", "").isalpha()
        assert item.code == item.code.lower()
        assert item.meaning.endswith(".")
        assert item.remedy.endswith(".") or item.code == "cancelled"


def raised():
    """(file, line, class, code) of every error that the code makes with a literal code."""
    for path in (*ROOT.glob("server/twopop/**/*.py"), *ROOT.glob("models/twopop_models/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LEAVES):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                yield path.relative_to(ROOT), node.lineno, LEAVES[node.func.id], node.args[0].value


def test_what_is_raised_carries_a_code_of_its_class():
    found = list(raised())
    assert len(found) > 20
    assert [item for item in found if item[3] not in item[2].codes] == []


@pytest.mark.parametrize("leaf", LEAVES.values(), ids=LEAVES)
def test_the_tree_in_the_documentation_names_every_code(leaf):
    import twopop.errors
    import twopop_models.errors

    if leaf is TwopopError:
        return
    words = f"{twopop.errors.__doc__} {twopop_models.errors.__doc__}".split()
    assert leaf.__name__ in words
    if leaf.__name__ != "Cancelled":
        assert set(leaf.codes) <= set(words)
