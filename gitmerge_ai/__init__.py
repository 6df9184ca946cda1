"""gitmerge-ai: merge, commit and evolve with git.

The public API is `merge` and the values it takes and gives. They are loaded on first use, so that
importing the package costs nothing where only git's own line merge is needed.
"""

TYPE_CHECKING = False  # as in typing, which takes longer to import than a line merge

if TYPE_CHECKING:
    from gitmerge_ai.merging.pipeline import merge
    from gitmerge_ai.values import Conflict, Labels, MergeResult, Resolution, Sides

__version__ = "0.1.0"
__all__ = ["Conflict", "Labels", "MergeResult", "Resolution", "Sides", "merge"]


def __getattr__(name: str) -> object:
    if name == "merge":
        from gitmerge_ai.merging.pipeline import merge

        return merge
    if name in __all__:
        from gitmerge_ai import values

        return getattr(values, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
