import pytest

from scraping.reading.facts.roles.stages import find_stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Following students are shortlisted for Stage 6 (Values Round.)", "Stage 6 (Values Round.)"),
        ("Stage 2 (Test (Part A)) of Orbit", "Stage 2 (Test (Part A))"),
        ("Orbit - Virtual Coding Round (Stage 2): Revised", "Stage 2 (Virtual Coding Round)"),
        ("Stage 3 tomorrow", "Stage 3"),
        ("Shortlisted Students  3rd Coding test QA Role - 2:00 pm", "3rd Coding test"),
        ("Technical Interview 2 on Monday", "Technical Interview 2"),
        ("Online Test 3 PM", "Online Test"),
        ("Pre Placement talk-2at 2.30 Pm", "Pre-Placement Talk"),
        ("PPT - 9:30 AM", "Pre-Placement Talk"),
        ("GD/PI on 19th", "Group Discussion"),
        ("System Design Round: 2 Dec", "System Design Round"),
        ("Updated MCAT Test Link", "MCAT Test"),
        ("Practice with Mock Interviews", None),
        ("Labs - Test", None),
        ("", None),
    ],
)
def test_stages(text: str, stage: str | None) -> None:
    assert find_stage(text) == stage
