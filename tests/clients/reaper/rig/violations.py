"""What REAPER would let pass, or answer with silence, and we do not."""

from enum import Enum


class Kind(Enum):
    """Kinds of violations."""

    UNKNOWN = "no such function"
    UNMODELLED = "a function that the rig does not model"
    ARITY = "wrong number of arguments"
    TYPE = "wrong kind of argument"
    DEAD = "an object that was deleted"
    ATTRIBUTE = "unknown attribute name"
    READ_ONLY = "an attribute that can only be read"
    OWNED = "a source that belongs to another take"
    LOST = "a text that would not survive being saved"
    RESULTS = "the model returns something else than REAPER"
    UNDO = "a change outside an undo block"
    UNDO_OPEN = "an undo block that was not ended"
    REFRESH = "PreventUIRefresh is not balanced"
    PROCESS = "a process was left running"
    SCRIPT = "the script failed"


class Violation(Exception):
    """A script did what it must not."""

    def __init__(self, kind, text):
        super().__init__(f"{kind.value}: {text}")
        self.kind = kind
