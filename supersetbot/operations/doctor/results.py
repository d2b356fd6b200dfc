"""What a check of the doctor returns or raises."""

from dataclasses import dataclass

TIMEOUT_SECONDS = 15.0


class CheckFailedError(Exception):
    """Something is wrong; `fix` is what to do or to type."""

    def __init__(self, wrong: str, fix: str) -> None:
        super().__init__(wrong)
        self.fix = fix


class Skipped(Exception):  # noqa: N818 (a result, not an error)
    """Not set up, which may be meant so; `fix` is how to."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `ok` is None where there was nothing to look at."""

    name: str
    ok: bool | None
    detail: str
    fix: str = ""
