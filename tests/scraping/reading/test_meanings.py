"""What lists say of the students on them: chosen, denied, asked to act."""

import pytest

from tests.scraping.reading.lists import ALL, roster, table


@pytest.mark.parametrize(
    ("title", "content", "expected"),
    [
        (
            "Orbit Labs - result",
            "<p>The following have been selected:</p>{}<p>Waitlisted: Zoya Ali (22103009)</p>",
            "selected waitlisted",
        ),
        ("Orbit Labs", "<p>Selected students</p>{}<p>Waiting list</p><p>22103009 Zoya Ali</p>", "selected waitlisted"),
        ("NOT shortlisted - Orbit Labs", "<p>Following students appeared for the test</p>{}", "not_selected"),
        ("Orbit Labs - interview list", "{}<p>The above students were absent in the test.</p>", "absent"),
        ("Orbit Labs", "<p>Following students</p>{}", ""),
        ("Orbit Labs", "<p>This is not a shortlist. Names received so far:</p>{}", ""),
        ("Orbit Labs", "<p>The following students have not deposited the placement fee.</p>{}", "action_required"),
        ("Orbit Labs", "<p>List of students to report tomorrow (27 Oct) 8 AM for Orbit interview</p>{}", "shortlisted"),
        ("Orbit", "<p>Congratulations to the following students who have been finally selected.</p>{}", "selected"),
        (
            "Orbit",
            "<p>Students of MBA (Finance) selected by Orbit as Deputy Manager, Branch Banking, at 4 lacs:</p>{}",
            "selected",
        ),
        (
            "Orbit",
            "<p>The students selected by Orbit have to accept the offer letter and upload PAN.</p>{}",
            "action_required",
        ),
        (
            "Orbit document upload, action needed",
            "<p>The students below have been offered by Orbit.</p>{}",
            "action_required",
        ),
        ("Orbit", "<p>We are unable to move forward with the following candidates.</p>{}", "not_selected"),
        ("Orbit", "<p>After the panel we will not be moving forward with these candidates:</p>{}", "not_selected"),
        ("Orbit", "<p>The following could not clear the test and will not be moving ahead:</p>{}", "not_selected"),
        ("Orbit final selection", "<p>Congratulations to those selected in the final round.</p>{}", "selected"),
        ("Orbit", "<p>We congratulate the students who have been finally selected by Orbit.</p>{}", "selected"),
        ("Orbit picks three", "<p>Orbit has selected three students for the post of analyst.</p>{}", "selected"),
        ("Offer withdrawal - regret", "<p>Orbit takes back the offer made to</p>{}", "withdrawn"),
        ("Revocation of offer", "<p>Orbit is withdrawing the offer made to</p>{}", "withdrawn"),
        ("Orbit", "<p>The following interns have to send a cancelled cheque.</p>{}", "action_required"),
        ("Orbit", "<p>The following are shortlisted for the interview and must submit a resume.</p>{}", "shortlisted"),
        ("Orbit", "<p>Orbit ke round 3 (coding) ke liye jin students ka naam aaya hai</p>{}", "shortlisted"),
        ("Orbit", "<p>Orbit is pleased to appoint the following students as Pharmacist</p>{}", "selected"),
        ("Orbit Labs", "<p>6 people made it to the founder's call</p>{}", "shortlisted"),
        ("Orbit Labs", "<p>Students selected by Orbit in the drive dated 08-12-2026:</p>{}", "selected"),
        ("Orbit Labs", "<p>Candidates selected in our pool campus drive</p>{}", "selected"),
        ("Orbit", "<p>They have not made it this time.</p>{}", "not_selected"),
        (
            "Orbit",
            "<p>Orbit has decided to drop the following candidates after the technical round:</p>{}",
            "not_selected",
        ),
        ("Orbit", "<p>The following are out of the Orbit process after round 2.</p>{}", "not_selected"),
        ("Orbit", "<p>No offer was made to the following students.</p>{}", "not_selected"),
        ("Orbit", "<p>The candidature of the following was declined by Orbit.</p>{}", "not_selected"),
        ("Orbit", "<p>We shall not be proceeding with the following applications.</p>{}", "not_selected"),
        ("Orbit", "<p>ye students round 1 me fail ho gaye:</p>{}", "not_selected"),
        ("Orbit", "<p>Non-qualifiers of the test</p>{}", "not_selected"),
        ("Orbit", "<p>Students who left the test midway</p>{}", "absent"),
        ("Orbit", "<p>Registered but didn't appear:</p>{}", "absent"),
        ("Orbit - offer declined", "<p>The students below declined the offer of Orbit (8 LPA).</p>{}", ""),
        ("Orbit", "<p>The students below are blacklisted for skipping the interview of Orbit.</p>{}", "not_selected"),
        ("Orbit waiting list", "<p>Waiting list<br>(selected list is on the board)</p>{}", "waitlisted"),
        ("Orbit", "<p>On hold by Orbit:</p>{}", "waitlisted"),
        ("Orbit", "<p>The LOIs issued to the below mentioned are recalled by Orbit.</p>{}", "withdrawn"),
        ("Orbit", "<p>Kindly ask these students to complete the form.</p>{}", "action_required"),
        ("Orbit", "<p>No dues not cleared:</p>{}", "action_required"),
        ("Orbit", "<p>Resume selected by Orbit, interview on 5 Dec</p>{}", "shortlisted"),
        ("Orbit", "<p>Those who did not fill it will not be allowed. Shortlisted students:</p>{}", "shortlisted"),
        ("Orbit final result", "<p>Those who could not make it should not lose heart. Selected:</p>{}", "selected"),
        ("Group discussion - Orbit", "<p>3.30 PM, Hall B</p>{}", "shortlisted"),
        ("Round 2: Orbit", "{}<p>1 hour each.</p>", "shortlisted"),
        ("Orbit final list", "{}<p>CTC: 6 LPA</p>", "selected"),
        ("Placement result: Orbit", "{}<p>All are selected as Trainee.</p>", "selected"),
        ("Mock interviews by alumni", "<p>Saturday, 10 am</p>{}", "action_required"),
        ("Orbit", "<p>The students selected for the post of Trainee at 8.4 LPA are:</p>{}", "selected"),
        ("Orbit", "<p>We are glad to take the below candidates on board as Trainee.</p>{}", "selected"),
        ("Orbit", "<p>Welcome aboard! They join us as Trainee.</p>{}", "selected"),
        ("Orbit", "<p>We would like to speak with these students on Thursday.</p>{}", "shortlisted"),
        ("Orbit interviews", "<p>We did not find the following candidates suitable.</p>{}", "not_selected"),
        ("Orbit", "<p>We will not be able to take forward the candidature of these students.</p>{}", "not_selected"),
        ("Orbit interviews", "<p>These candidates fell short of the bar.</p>{}", "not_selected"),
        ("Orbit offers", "<p>Orbit will not be honouring the offers of the below candidates.</p>{}", "withdrawn"),
        ("Orbit", "<p>The candidates below are our backups, if somebody declines.</p>{}", "waitlisted"),
        ("Orbit test", "<p>These students were not available for the test.</p>{}", "absent"),
        ("Orbit interview", "<p>These students have backlogs:</p>{}", ""),
        ("Orbit interview", "<p>Return the books of the library:</p>{}", ""),
        ("Orbit test", "<p>Disciplinary action will be taken on</p>{}", ""),
        ("Orbit test", "<p>Late comers of the test</p>{}", ""),
        ("Orbit", "<p>Students who opted out before the interview</p>{}", ""),
        ("Orbit interview", "<p>Placed students (others are requested to apply in the next drive)</p>{}", "selected"),
        ("GD of Orbit", "<p>3.30 PM, Hall B</p><p>Panel 1</p>{}", "shortlisted"),
        ("Orbit interview feedback", "<p>Students who have given feedback.</p>{}", ""),
        (
            "Shortlist - Orbit Labs",
            "<p>Bring your ID card. Students who remain absent are debarred, and their offers will be revoked.</p>{}",
            "shortlisted",
        ),
    ],
)
def test_each_list_keeps_its_meaning(title: str, content: str, expected: str) -> None:
    found = roster(content.format(table(*([number, name] for name, number in ALL))), title)
    assert " ".join(dict.fromkeys(student.meaning for student in found.students)) == expected


def test_a_column_tells_the_result_of_each_student() -> None:
    rows = (
        ["22103001", "Asha Verma", "Selected"],
        ["22103002", "Bilal Khan", "On hold"],
        ["22103003", "Om", "Rejected"],
    )
    found = roster(table(["Roll No", "Name", "Status"], *rows)).students
    assert [student.meaning for student in found] == ["selected", "waitlisted", "not_selected"]
