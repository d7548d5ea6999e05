"""Writes the documents and sources that come from tables: ``python -m twopop.schema`` in a checkout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from twopop.codec import MAX_ARGS
from twopop.errors import EXPLAINED, family
from twopop.installing.calls import functions_lua
from twopop.messages import ADDRESSES, BY_PATH, MAX_IN, MAX_OUT, PROTOCOL, ROOT, Address, Arg
from twopop.settings import SETTINGS, Setting
from twopop_models.controls import CONTROLS, Control

_NOTE: Final = "<!-- Written by `python -m twopop.schema` from the tables in the code; change those. -->\n"

_WIRE: Final = f"""\
UDP, by default to 127.0.0.1 port 7771; the server's discovery file `server.json` in the user's config folder says host,
port and token of the one that runs. Protocol {PROTOCOL}.

## Rules

- Addresses are exact and begin with `{ROOT}`; there are no patterns.
- Types are i, f and s only. A number may come as i or f; a float where a whole number is wanted must be whole.
- Strings are UTF-8 without control characters. A datagram to the server has at most {MAX_IN:,} bytes, one from it
  at most {MAX_OUT:,}. Bundles are read one deep, at most 32 messages each, and their time tags are ignored.
- Frames are whole numbers at an exact rate of two whole numbers; positions in audio are whole samples. Never seconds.
  Send frames as i: an f is exact only up to 16,777,216.
- Ranges are half-open: `stop` is the first frame that is not in them. Frame 0 is the first of the picture, whatever its
  timecode says.
- The first argument of every message about a job is the id that the client chose: 1 to 64 of `A-Z a-z 0-9 . _ -`, a
  letter or digit first, no final dot. It becomes a folder's name.
- Datagrams get lost. `score` with the same id and the same arguments may be sent again until `accepted` comes; `status`
  says everything again. The same id with other arguments is an error.
- Long texts and lists come in numbered parts: the text is all parts, from 1 to `parts`, one after the other.
- `index` of `count` counts from 1. Arguments in brackets may be left out from the end.
- A path that is too long for a message comes empty; the take's `take.json` has it.

## Where answers go

To the port that `hello` named, at the host that it came from. A sender that did not say hello is answered at the port
that its host announced last (`oscsend` sends every message from a new port), and where no port was announced, at the
port that it sent from. 64 clients are remembered; who was silent for longest is forgotten first.

When the server has a token, every message but `hello`, `ping` too, is answered with the error `bad_token` until a
hello with the token came from the same host and port. The token keeps others out by mistake or by curiosity; UDP is
neither encrypted nor proof against forged senders, so beyond this machine use it inside a network that you trust.

A bad message is answered with one `error`. A host gets at most 40 of them at once and 20 a second, so that a flood with
forged senders is not amplified; what comes beyond is dropped silently. Messages that only the server sends are
dropped when they come back to it.

## How a job goes

```
score ->   accepted, progress..., description, reference..., hit..., stem..., done
           or error, or cancelled
```

"""

_CONTROLS: Final = """\
Pairs of key and value after the fixed arguments of `/twopop/score`, `--set key=value` on the command line. All may be
left out. A key that comes twice counts with its later value; unknown keys are errors. `/twopop/controls` announces
this table.
"""

_ERRORS: Final = """\
`/twopop/error job code text` carries one of these codes; so do `--json` and the job's folder. Codes never change.
"""

_SETTINGS: Final = """\
In order: the command line, the environment, `settings.toml` in the config folder, the default. `twopop settings`
prints every value and where it came from. `TWOPOP_CONFIG_DIR` moves the config folder itself.
"""


def osc_markdown() -> str:
    """``docs/osc.md``: the wire."""
    to_server = (_address(address) for address in ADDRESSES if address.inbound)
    from_server = (_address(address) for address in ADDRESSES if not address.inbound)
    return "\n".join((f"# OSC\n\n{_NOTE}\n{_WIRE}## To the server\n", *to_server, "## From the server\n", *from_server))


def controls_markdown() -> str:
    """``docs/controls.md``: the attribute controls."""
    rows = ((f"`{item.name}`", item.kind.value, _code(item.default), _takes(item), item.help) for item in CONTROLS)
    return f"# Controls\n\n{_NOTE}\n{_CONTROLS}\n" + _table(("key", "kind", "default", "takes", "what it does"), rows)


def errors_markdown() -> str:
    """``docs/errors.md``: every code, what it means, what to do."""
    rows = ((f"`{item.code}`", family(item.code), item.meaning, item.remedy) for item in EXPLAINED)
    return f"# Errors\n\n{_NOTE}\n{_ERRORS}\n" + _table(("code", "family", "meaning", "what to do"), rows)


def settings_markdown() -> str:
    """``docs/settings.md``: every setting."""
    rows = ((f"`{item.name}`", f"`{item.variable}`", _default(item), item.unit, item.help) for item in SETTINGS)
    head = ("setting", "variable", "default", "unit", "what it does")
    return f"# Settings\n\n{_NOTE}\n{_SETTINGS}\n" + _table(head, rows)


def schema_lua() -> str:
    """``reaper_scripts/twopop/schema.lua``: every address with its arguments, for the REAPER scripts."""
    rows = "".join(_lua_address(address) for address in ADDRESSES)
    head = "-- Written by `python -m twopop.schema` from the tables in the code; change those.\n"
    pairs = (MAX_ARGS - len(BY_PATH[f"{ROOT}/score"].args)) // 2
    limits = f"  largest = {MAX_IN}, -- bytes of a datagram to the server\n  most_controls = {pairs},\n"
    return f'{head}return {{\n  protocol = {PROTOCOL},\n  root = "{ROOT}",\n{limits}  addresses = {{\n{rows}  }},\n}}\n'


def _lua_address(address: Address) -> str:
    fields = [f"inbound = {str(address.inbound).lower()}"]
    fields += [f'{{ "{arg.name}", "{arg.type}" }}' for arg in address.args]
    return f"    {address.name} = {{ {', '.join(fields)} }},\n"


FILES: Final = {
    "docs/osc.md": osc_markdown,
    "docs/controls.md": controls_markdown,
    "docs/errors.md": errors_markdown,
    "docs/settings.md": settings_markdown,
    "reaper_scripts/twopop/schema.lua": schema_lua,
    "reaper_scripts/twopop/functions.lua": functions_lua,
}
"""What is written where below the checkout."""


def main(root: Path | None = None) -> None:
    """Write all documents into the checkout's ``docs``, and the clients' tables beside their scripts."""
    root = Path(__file__).parents[2] if root is None else root
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text(), encoding="utf-8")


def _address(address: Address) -> str:
    names = " ".join(f"[{arg.name}]" if arg.optional else arg.name for arg in address.args)
    line = " ".join(filter(None, (address.path, names, "[key value]..." if address.rest else "")))
    parts = [f"### `{line}`\n\n{address.help}\n"]
    if address.rest:
        parts.append(f"Then {address.rest}.\n")
    if address.args:
        rows = ((f"`{arg.name}`", arg.type, arg.unit, _help(arg)) for arg in address.args)
        parts.append(_table(("argument", "type", "unit", "meaning"), rows))
    if address.replies:
        parts.append(f"Answered by {', '.join(f'`{name}`' for name in address.replies)}.\n")
    return "\n".join(parts)


def _help(arg: Arg) -> str:
    default = f" Default {_code(arg.default)}." if arg.default not in (None, "") else ""
    return f"{arg.help}{default}"


def _takes(control: Control) -> str:
    words = ", ".join(f"`{word}`" for word in control.choices)
    if control.low is None or control.high is None:
        return words
    span = f"{control.low:.10g} to {control.high:.10g} {control.unit}".strip()
    return f"{span}, {words}" if words else span


def _default(setting: Setting) -> str:
    return setting.shown or _code(setting.default())


def _code(value: object) -> str:
    return "" if value in (None, "") else f"`{value}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_lines(head, rows)) + "\n"


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


if __name__ == "__main__":
    main()
