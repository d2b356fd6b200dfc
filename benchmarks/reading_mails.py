"""How well the rules read the sample mails, scored by the tool beside the samples.

Run: python -m benchmarks.reading_mails
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scraping.extraction.explain_mail import explain_mail

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> int:
    """Print the table and the misses; 0 also where there is nothing to read."""
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


if __name__ == "__main__":
    sys.exit(main())
