"""Text of format=flowed with its paragraphs put together again (RFC 3676). Pure."""

_SIGNATURE = "-- "


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Lines that end with a space are joined with the next one; with `delete_space` (DelSp=yes) that space goes.

    Quoted lines are joined only with lines quoted as deeply; the line above a signature ends what flows.
    """
    joined: list[str] = []
    depth_before, flows = 0, False
    for raw in text.split("\n"):
        depth, line = _unquoted(raw)
        goes_on = flows and depth == depth_before and line != _SIGNATURE
        if goes_on:
            joined[-1] += line
        else:
            joined.append(f"{'>' * depth} {line}" if depth else line)
        flows = line.endswith(" ") and line != _SIGNATURE
        if flows and delete_space:
            joined[-1] = joined[-1][:-1]
        depth_before = depth
    return "\n".join(joined)


def _unquoted(line: str) -> tuple[int, str]:
    """How deeply a line is quoted, and its words without the space that stuffs it."""
    bare = line.lstrip(">")
    return len(line) - len(bare), bare.removeprefix(" ")
