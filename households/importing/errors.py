"""Why a whole file is refused before any of its rows is judged."""

from trail.errors import DomainError


class FileNotReadable(DomainError):
    """The file is not a sheet this product reads, or is not safe to open."""

    code = "file_not_readable"


class ColumnsMissing(DomainError):
    """No sheet of the file has every necessary column."""

    code = "columns_missing"


class ColumnsAmbiguous(DomainError):
    """Several sheets or columns could be meant; a person has to choose."""

    code = "columns_ambiguous"
