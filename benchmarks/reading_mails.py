"""How well the rules read the sample mails, scored by the tool beside the samples; the kinds the samples do not have
are counted apart, over the cases of the tests.

Run: python -m benchmarks.reading_mails
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from scraping.explain.mail import explain_mail
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.reading.test_mail_kinds import CASES
from tests.scraping.sources.mailbox.mails import forwarded

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> int:
    """Print the tables and the misses; 0 also where there are no samples."""
    _print_kinds()
    mails = sorted((SHARED / "samples" / "mailbox").glob("*.eml"))
    scorer = SHARED / "tools" / "score.py"
    if not mails or not scorer.exists():
        print("reading mails: no samples beside the checkout, nothing scored")
        return 0
    start = time.process_time()
    read = [explain_mail(mail.name, mail.read_bytes()) for mail in mails]
    seconds = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "mails.json"
        answers.write_text(json.dumps(read), encoding="utf-8")
        scored = subprocess.run(
            [sys.executable, str(scorer), "mails", str(answers)], capture_output=True, text=True, check=True
        )
    print(scored.stdout)
    print(f"{len(mails)} mails read in {seconds:.2f} s of CPU ({1000 * seconds / len(mails):.0f} ms each)")
    return 0


def _print_kinds() -> None:
    """A line a kind: how many of its invented mails are told as that kind."""
    right, all_of = Counter[str](), Counter[str]()
    for kind, subject, text in CASES:
        all_of[kind] += 1
        right[kind] += read_mail(lay_out_mail(parse_mail(forwarded(subject, text)))).category == kind
    print("invented mails by kind")
    for kind, count in all_of.items():
        print(f"{kind:18}{right[kind]:4} of {count}")
    print()


if __name__ == "__main__":
    sys.exit(main())
