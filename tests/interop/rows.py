"""What is read, by whom, and what they must notice."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """One thing that is made wrong on purpose in a file of the annotators' dataset."""

    what: str
    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """A reader of a format."""

    format: str
    # The package whose version is printed.
    reader: str
    # Takes the folder and the truth, and says how many spans, links and values fitted.
    read: Callable
    wrong: tuple
    options: tuple = ()
    # What is printed for the format, where it is not its id and options.
    name: str = ""
