"""`make corpus`: reads every text of the corpus and prints the score of each field, and what changed.

A text is a file `NAME.json` or `NAME.eml` beside its truth `NAME.truth.json`. `score.json` has the fields that the last
run read wrongly; this run is compared with the file of the last commit.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import django

from scraping.explain.compare import compare

FOLDER = Path(__file__).parent
SCORE = FOLDER / "score.json"
_TRUTH = ".truth.json"


def readings() -> Iterator[tuple[str, Mapping[str, Any], dict[str, Any]]]:
    """The name of each text, its truth, and what the rules read from it."""
    from scraping.explain.corpus import texts
    from scraping.explain.mail import explain_mail
    from scraping.explain.notice import explain_notice

    for text in texts(FOLDER):
        read = explain_mail(text.name, text.content) if text.is_mail else explain_notice(json.loads(text.content))
        yield text.name, text.truth, read


def score() -> tuple[Counter[str], Counter[str], dict[str, list[str]]]:
    """How often each field is stated, how often it is read rightly, and the fields read wrongly a text."""
    stated, right, wrong = Counter[str](), Counter[str](), dict[str, list[str]]()
    for name, truth, read in readings():
        for field, agrees in compare(truth, read):
            stated[field] += 1
            right[field] += agrees
            if not agrees:
                wrong.setdefault(name, []).append(field)
    return stated, right, wrong


def last_commit() -> dict[str, list[str]] | None:
    """What was read wrongly as of the last commit; None where it has no score."""
    shown = subprocess.run(
        ["git", "show", "HEAD:./score.json"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    return json.loads(shown.stdout) if shown.returncode == 0 else None


def texts_of_the_last_commit() -> set[str]:
    """The names of the texts that were there as of the last commit."""
    command = ["git", "ls-tree", "-r", "--name-only", "-z", "HEAD", "."]
    listed = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    return {name.removesuffix(_TRUTH) for name in listed.stdout.split("\0") if name.endswith(_TRUTH)}


def changes(before: dict[str, list[str]], now: dict[str, list[str]], new: Collection[str] = ()) -> list[str]:
    """A line for each field that is read otherwise than before, or wrongly in a new text."""
    return [
        f"  {'new, read wrongly' if name in new else word}: {name}: {', '.join(sorted(fields))}"
        for word, old, others in (("mended", before, now), ("broken", now, before))
        for name in sorted(old)
        if (fields := set(old[name]) - set(others.get(name, ())))
    ]


def main() -> int:
    """Prints the table and the changes, and writes score.json. Returns 1 where a text is read worse than before."""
    stated, right, wrong = score()
    print(f"{'field':<18}{'stated':>8}{'right':>8}{'%':>8}")
    for field, count in stated.most_common():
        print(f"{field:<18}{count:>8}{right[field]:>8}{100 * right[field] / count:>8.1f}")
    before = last_commit()
    new = set(wrong) - texts_of_the_last_commit() if before is not None else ()
    lines = changes(wrong if before is None else before, wrong, new)
    print("\n".join(["Against the last commit:", *(lines or ["  nothing changed"])]))
    SCORE.write_text(json.dumps(wrong, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return any(line.startswith("  broken") for line in lines)


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
