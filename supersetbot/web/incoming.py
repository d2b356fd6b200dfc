"""When a request is whole: its head, and the body that its head announces (RFC 9112, 6 and 7.1). Pure."""

import re

HEAD_LIMIT = 64 * 1024  # bytes; also of what stands between chunks
_END = b"\r\n\r\n"
_BARE_LF = re.compile(rb"(?<!\r)\n")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_CONTINUE = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_SIZE = re.compile(rb"[0-9a-f]{1,8}", re.IGNORECASE)


class Incoming:
    """The bytes of a request as they come in.

    It only says when to wait no longer; gunicorn parses what is here. So a request that breaks the rules counts as
    whole, and gunicorn refuses it. `too_big`: the head is longer than HEAD_LIMIT, or the body than `body_limit`.
    """

    def __init__(self, body_limit: int) -> None:
        self.data = bytearray()
        self.whole = False
        self.too_big = False
        self._body_limit = body_limit
        self._seen = 0  # how much of the head was looked at; later, where the next chunk begins
        self._head_ends = 0
        self._length: int | None = None  # of the body; None where it comes in chunks
        self._decoded = 0

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits to be told to send its body (RFC 9110, 10.1.1)."""
        return not (self.whole or self.too_big) and bool(_CONTINUE.search(self.data, 0, self._head_ends))

    def add(self, data: bytes) -> None:
        self.data += data
        if not self._head_ends:
            self._look_for_head()
        if self._head_ends and self._length is None:
            self._look_for_chunks()
        elif self._length is not None:
            self.too_big = self._length > self._body_limit
            self.whole = len(self.data) - self._head_ends >= self._length

    def _look_for_head(self) -> None:
        end = self.data.find(_END, max(0, self._seen - len(_END)))
        if end < 0:
            self.whole = bool(_BARE_LF.search(self.data, self._seen))
            self.too_big = len(self.data) > HEAD_LIMIT
            self._seen = len(self.data)
            return
        self._head_ends = self._seen = end + len(_END)
        if not _CHUNKED.search(self.data, 0, self._head_ends):
            length = _LENGTH.search(self.data, 0, self._head_ends)
            self._length = int(length[1]) if length else 0

    def _look_for_chunks(self) -> None:
        """Read chunk after chunk, as far as they have arrived."""
        while not (self.whole or self.too_big):
            line_ends = self.data.find(b"\r\n", self._seen)
            size = _SIZE.match(self.data, self._seen)
            if line_ends < 0 or size is None:
                self.whole = size is None and len(self.data) > self._seen
                break
            length = int(size[0], 16)
            if not length:  # the last one; trailers may follow
                self.whole = self.data.find(_END, line_ends) >= 0
                break
            self.too_big = self._decoded + length > self._body_limit
            if len(self.data) < line_ends + length + 4:
                break
            self._decoded += length
            self._seen = line_ends + length + 4
        self.too_big |= len(self.data) - self._seen > self._body_limit + HEAD_LIMIT
