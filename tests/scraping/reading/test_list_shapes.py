"""Students in lists of the many shapes that colleges and companies write."""

import pytest

from tests.scraping.reading.lists import roster


@pytest.mark.parametrize(
    ("title", "content", "expected"),
    [
        (
            "Orbit absentees",
            "<p>Roll no. 3119001 Asha Verma<br>Roll no. 3119017 Bilal Khan<br>Roll no. 3119020 Om</p>",
            [("Asha Verma", "3119001"), ("Bilal Khan", "3119017"), ("Om", "3119020")],
        ),
        (
            "Orbit",
            "<p>They could not clear it: Asha Verma 25PG018, Bilal Khan 25PG052. Feedback will be given.</p>",
            [("Asha Verma", "25PG018"), ("Bilal Khan", "25PG052")],
        ),
        (
            "Orbit HR round",
            "<p>2105123 - Asha Verma, 2105188 - Bilal Khan, 2105201 - Om Rao</p>",
            [("Asha Verma", "2105123"), ("Bilal Khan", "2105188"), ("Om Rao", "2105201")],
        ),
        (
            "Orbit round",
            "<p>S.No&emsp;Univ Roll&emsp;Name&emsp;Section<br>1&emsp;11023456&emsp;Asha Verma&emsp;K23AB</p>",
            [("Asha Verma", "11023456")],
        ),
        (
            "Orbit round",
            "<p>22103001 ASHA VERMA MECH<br>22103002 BILAL KHAN CSE-2</p>",
            [("ASHA VERMA", "22103001"), ("BILAL KHAN", "22103002")],
        ),
        (
            "Orbit interview",
            "<table><tr><td>1</td><td>Asha</td><td>Verma</td><td>2307114</td></tr>"
            "<tr><td>2</td><td>Bilal</td><td>Khan</td><td>2307140</td></tr></table>",
            [("Asha Verma", "2307114"), ("Bilal Khan", "2307140")],
        ),
        (
            "Orbit",
            "<p>Two wait: Mr. Asha Verma (RRN 230041601022) and Ms. Bilal Khan (RRN 230051601090).</p>",
            [("Asha Verma", "230041601022"), ("Bilal Khan", "230051601090")],
        ),
        ("Orbit", "<p>Roll numbers shortlisted: 211401, 211422</p>", [("", "211401"), ("", "211422")]),
        (
            "Orbit",
            "<p>Congratulations to Asha Verma and Bilal Khan on their offers!</p>",
            [("Asha Verma", ""), ("Bilal Khan", "")],
        ),
        (
            "Orbit",
            "<p>Asha Verma, Bilal Khan and Om Rao are to report at 9.</p>",
            [("Asha Verma", ""), ("Bilal Khan", ""), ("Om Rao", "")],
        ),
        ("Orbit list", "<p>Name: Asha Verma<br>Name: Bilal Khan</p>", [("Asha Verma", ""), ("Bilal Khan", "")]),
        (
            "Orbit interview",
            "<p>Asha Verma - Mech - 9 am<br>Bilal Khan - IT - 9.30 am</p>",
            [("Asha Verma", ""), ("Bilal Khan", "")],
        ),
        ("Orbit", "<p>Gd Panel 1: Asha Verma, Bilal Khan</p>", [("Asha Verma", ""), ("Bilal Khan", "")]),
        (
            "Orbit",
            "<p>1.Asha Verma.MLM20CS045<br>2.Bilal Khan.MLM20CS012</p>",
            [("Asha Verma", "MLM20CS045"), ("Bilal Khan", "MLM20CS012")],
        ),
        (
            "Orbit result",
            "<table><tr><th>Gate pass</th><th>Candidate</th><th>Result</th></tr>"
            "<tr><td>ORB/141</td><td>Asha Verma</td><td>Qualified</td></tr>"
            "<tr><td>ORB/152</td><td>Bilal Khan</td><td>Qualified</td></tr></table>",
            [("Asha Verma", "ORB/141"), ("Bilal Khan", "ORB/152")],
        ),
        (
            "Orbit result",
            "<p>Token 5512 Asha Verma (EEE)<br>Token 5530 Bilal Khan (ECE)</p>",
            [("Asha Verma", "5512"), ("Bilal Khan", "5530")],
        ),
        (
            "Orbit: HR round on Monday",
            "<p>The HR round is at 11 AM. Please keep your card with you.</p>"
            "<p>Asha Verma<br>Bilal Khan<br>Om Das<br>Chitra Nair</p><p>Regards<br>Dev Malik</p>",
            [("Asha Verma", ""), ("Bilal Khan", ""), ("Om Das", ""), ("Chitra Nair", "")],
        ),
        (
            "Internship confirmation",
            "<p>With reference to your letter, Ms. Asha Verma (Reg. No. 24MSCH017) has been selected.</p>",
            [("Asha Verma", "24MSCH017")],
        ),
        ("Orbit interview tips", "<p>Speakers:</p><p>Asha Verma<br>Bilal Khan<br>Chitra Nair</p>", []),
        ("Orbit interview", "<p>Aptitude Round<br>Group Discussion<br>Personal Interview</p>", []),
        ("Orbit interview", "<p>Seminar Hall<br>Main Block</p>", []),
        ("Orbit interview", "<p>Tata Motors, Yash Technologies and Orbit Labs are to report their needs.</p>", []),
        ("Orbit shortlist", "<p>The list is attached.</p><p>Regards<br>Asha Verma<br>Bilal Khan</p>", []),
        ("Orbit shortlist", "<p>Come at nine.</p><p>Regards<br>Asha Verma<br>Bilal Khan</p>", []),
        ("Orbit round 2 - topics", "<p>Red Black Trees<br>Binary Search</p>", []),
        ("Orbit - interview panel", "<p>Dr. Asha Verma<br>Prof. Bilal Khan</p>", []),
        ("Pending list of companies", "<p>Laxmi Organic<br>Galaxy Surfactants</p>", []),
        ("Meet the recruiters", "<p>Students meet Asha Verma and Bilal Khan from Orbit on Friday.</p>", []),
        ("Student coordinators", "<p>Asha Verma 9812345678<br>Bilal Khan 9812345679</p>", []),
        ("Orbit test", "<p>Syllabus is the following: Verbal Ability, Data Structures</p>", []),
    ],
)
def test_lists_of_many_shapes(title: str, content: str, expected: list[tuple[str, str]]) -> None:
    assert [(student.name, student.enrollment) for student in roster(content, title).students] == expected
