"""ProgressBar of long work on the command line: a bar on a terminal, plain lines elsewhere."""

from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

from tqdm import tqdm

PLAIN_EVERY_SECONDS = 5.0


class ProgressBar:
    """Call it with (step, done, of how many); 0 of 0 where nobody knows. Silent at verbosity 0."""

    def __init__(self, stream: IO[str], verbosity: int) -> None:
        self._stream = stream
        self._silent = verbosity < 1
        self._terminal = stream.isatty()
        self._bar: tqdm[Any] | None = None
        self._step = ""
        self._said_at = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._silent:
            return
        if self._terminal:
            self._draw(step, done, total)
        elif step != self._step or monotonic() - self._said_at > PLAIN_EVERY_SECONDS:
            self._said_at = monotonic()
            print(f"{step}: {done} of {total}" if total else f"{step} …", file=self._stream, flush=True)
        self._step = step

    def _draw(self, step: str, done: int, total: int) -> None:
        if self._bar is None or self._step != step:
            self.close()
            self._bar = tqdm(desc=step, total=total or None, file=self._stream, leave=False, dynamic_ncols=True)
        self._bar.total = total or None
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
