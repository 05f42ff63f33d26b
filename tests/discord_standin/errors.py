"""Errors as Discord words them: a status, a code, a message and, for forms, the fields at fault."""

from __future__ import annotations

from typing import Any

Path = tuple[str | int, ...]


class ApiError(Exception):
    """What the API answers when it refuses a request."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        """Keep the HTTP status and the fields of the body."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.body: dict[str, Any] = {"message": message, "code": code, **more}


def unknown(code: int, what: str) -> ApiError:
    """Return the error for something that is not there."""
    return ApiError(404, code, f"Unknown {what}")


UNAUTHORIZED = (401, 0, "401: Unauthorized")
NOT_FOUND = (404, 0, "404: Not Found")
MISSING_ACCESS = (403, 50001, "Missing Access")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
CANNOT_DM = (403, 50007, "Cannot send messages to this user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")


class Form:
    """Collects what is wrong with a payload, field by field."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.problems: list[tuple[Path, str, str]] = []

    def wrong(self, path: Path, code: str, message: str) -> None:
        """Note a fault of the field at ``path``."""
        self.problems.append((path, code, message))

    def text(
        self, path: Path, value: object, longest: int, *, shortest: int = 0, required: bool = False
    ) -> bool:
        """Check a string and return whether it is one of an allowed length."""
        if value is None and not required:
            return False
        if value is None or (required and isinstance(value, str) and not value.strip()):
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            self.wrong(path, "BASE_TYPE_BAD_TYPE", "Not a string")
        elif len(value) > longest:
            message = f"Must be {longest} or fewer in length."
            self.wrong(path, "BASE_TYPE_MAX_LENGTH", message)
        elif len(value) < shortest:
            message = f"Must be {shortest} or more in length."
            self.wrong(path, "BASE_TYPE_MIN_LENGTH", message)
        else:
            return True
        return False

    def items(self, path: Path, value: object, most: int, *, fewest: int = 0) -> list[Any]:
        """Check a list and return it, or an empty one."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.wrong(path, "BASE_TYPE_BAD_TYPE", "Only iterables may be used in a ListType")
            return []
        if not fewest <= len(value) <= most:
            message = f"Must be between {fewest} and {most} in length."
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", message)
        return value

    def choice(self, path: Path, value: object, allowed: tuple[object, ...]) -> None:
        """Check that a value is one of a few."""
        if value not in allowed:
            message = f"Value must be one of {list(allowed)}."
            self.wrong(path, "BASE_TYPE_CHOICES", message)

    def done(self) -> None:
        """Raise what Discord answers when something is wrong.

        Raises:
            ApiError: 50035, with the fields at fault as a tree.
        """
        if not self.problems:
            return
        tree: dict[str, Any] = {}
        for path, code, message in self.problems:
            node = tree
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        raise ApiError(400, 50035, "Invalid Form Body", errors=tree)
