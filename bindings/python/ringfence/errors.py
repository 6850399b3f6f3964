"""What can go wrong, as a small tree under Error."""


class Error(Exception):
    """Anything that Ringfence refuses or cannot do. `code` is the number that the C interface gives too."""

    code: int = 0


class InvalidArgument(Error, ValueError):
    """A value makes no sense."""


class Unreadable(Error):
    """A file or frame cannot be opened, read or written."""


class Malformed(Error):
    """A policy, list or rules file, or the columns of a frame, are not what they must be."""


class NotFound(Error, LookupError):
    """What must be there is not: a key, a column, a file, an entry of a list."""


class OutOfRoom(Error):
    """Input beyond a stated bound, a table that is full, memory that ran out."""


class Refused(Error):
    """Understood, and refused unless forced."""


class Busy(Error):
    """Try again: somebody still holds what must be let go first."""


class Unsupported(Error):
    """This build or machine cannot do it."""


class Internal(Error):
    """A fault of the library's own; please report it."""


# The codes of ringfence/base/result.hpp.
_BY_CODE = {
    1: InvalidArgument,
    10: Unreadable,
    11: Unreadable,
    20: Malformed,
    21: Malformed,
    22: Malformed,
    23: Malformed,
    24: Malformed,
    25: Malformed,
    26: NotFound,
    30: OutOfRoom,
    31: OutOfRoom,
    32: OutOfRoom,
    40: Refused,
    41: Busy,
    50: Unsupported,
    60: Internal,
}


def from_code(code: int, text: bytes) -> Error:
    """The exception for an error of the library; its text may quote input that is not UTF-8."""
    error = _BY_CODE.get(code, Internal)(text.decode("utf-8", "backslashreplace"))
    error.code = code
    return error
