"""Where the checkout lies, and the samples beside it. A test that needs the samples skips where they are missing."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SAMPLES = SHARED / "samples"
