"""What a repository is made of: which clusters it has, what starts each of them, and what else it declares.

``read_estate`` takes the files of a repository and gives an ``Estate``: a value that ``nixernetes render`` and
``nixernetes up`` alike begin with. Pure: files come from a tree, remote bases from a port. What cannot be followed is a
note, never an end; what nothing starts is one line.
"""

from nixernetes.render.estate.custom_kinds import defined_kind, kinds_of, undefined_kinds
from nixernetes.render.estate.discovery import read_estate
from nixernetes.render.estate.estates import Estate, NothingToStartError, StartedCluster
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.estate.repository_urls import spelled

__all__ = [
    "DocumentIndex",
    "Estate",
    "Note",
    "NoteKind",
    "NothingToStartError",
    "StartedCluster",
    "defined_kind",
    "kinds_of",
    "read_estate",
    "spelled",
    "undefined_kinds",
]
