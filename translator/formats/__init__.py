"""The files a record can be kept in."""

from translator.formats.po import Record, dump, load

__all__ = ["Record", "dump", "load"]
