"""What was approved once is reused: an index over the records of a project."""

from translator.memory.index import Memory, open_memory

__all__ = ["Memory", "open_memory"]
