import pytest

from scraping.reading.facts.venues.finding import find_venue
from scraping.reading.page import Page


def labelled_venue(lines: list[str], *, whole: bool = False) -> str | None:
    return find_venue(Page("", tuple(lines)), has_event=False, whole=whole)


def named_venue(texts: list[str]) -> str | None:
    return find_venue(Page("", tuple(texts)), has_event=True)


@pytest.mark.parametrize(
    ("line", "venue"),
    [
        ("Venue: T&P Hall, 2nd Floor, ABB-1 (For Tech 2 only.)", "T&P Hall, 2nd Floor, ABB-1 (For Tech 2 only.)"),
        ("Venue is still MML LAB", "MML LAB"),
        ("Venue has been changed to Company Premises", "Company Premises"),
        ("Venue is Virtual", "Virtual"),
        ("From 8:45 AM. Place: Placement Cell, Cabin 1-4. Be on time.", "Placement Cell, Cabin 1-4"),
        ("Kahan - Gurugram ya Jaipur, choice nahi milegi", None),
        ("The venue for tomorrow's interview has been shifted to Auditorium.", "Auditorium"),
        ("Date: 20 Aug | Venue: LT-4 | Time: 5 PM", "LT-4"),
        ("Venue - MBA Block, 10:30 AM onwards", "MBA Block"),
        ("Venue\tSeminar Hall", "Seminar Hall"),
        ("Reporting place: Gate 2", "Gate 2"),
        ("📍 Hall 3", "Hall 3"),
        ("Kindly note that venue is Hall 1. The timing remains same", "Hall 1"),
        ("Venue: Orbit Campus, Sec. 12. Prize pool: 1 lakh", "Orbit Campus, Sec. 12"),
        ("Location: Virtual (MS Teams)", "Virtual (MS Teams)"),
        ("Location: Bengaluru", None),
        ("Venue: LT-3. Certificates for all who come.", "LT-3"),
        ("Venue will be shared later", None),
        ("Venue: TBA", None),
        ("Where: portal only", None),
        ("Where: Delhi NCR stores", None),
        ("Venue: Board Room, Admin Block. Reporting at TPO office by 10", "Board Room, Admin Block"),
        ("Time and venue remain the same (9 am, Placement Cell, 2nd floor).", "Placement Cell, 2nd floor"),
        ("Where: Pune / Thane", None),
        ("📍 *Location* : Ahmedabad", None),
        ("Venue and Date published for Stage 2", None),
    ],
)
def test_a_place_after_its_label(line: str, venue: str | None) -> None:
    assert labelled_venue([line]) == venue


def test_a_line_that_is_nothing_but_the_venue_is_kept_whole() -> None:
    line = "Venue: CL3 & CL4. Students must bring ID cards."
    assert labelled_venue([line]) == "CL3 & CL4"
    assert labelled_venue([line], whole=True) == "CL3 & CL4. Students must bring ID cards."


def test_the_first_place_of_a_column() -> None:
    rows = ["Event\tTime\tVenue", "PPT\t9:00 AM\tSeminar Hall, ME Dept", "Test\t11:00 AM\tComputer Lab 5"]
    assert named_venue(["Schedule of 2 Dec", *rows]) == "Seminar Hall, ME Dept"


def test_a_label_on_a_line_of_its_own() -> None:
    assert labelled_venue(["Venue:", "LT-4, Block B"]) == "LT-4, Block B"


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("Students have to attend the online test from the University Computer Labs.", "University Computer Labs"),
        ("PPT by Orbit at 1100 hrs in Seminar Hall-2", "Seminar Hall-2"),
        ("PPT at 2:30 PM in Seminar Hall (Block 3)", "Seminar Hall (Block 3)"),
        ("Please come to Room 204, Block C by 10 AM", "Room 204, Block C"),
        ("Report at 8 AM at Seminar Hall, ABB-I, Sec 62. Bring a pen", "Seminar Hall, ABB-I, Sec 62"),
        ("The sessions will be held in LT-1 and LT-2, 9 AM", "LT-1 and LT-2"),
        ("A camp from 10 AM in the Health Centre", "Health Centre"),
        ("The GD scheduled in CR-101 will now be held in LT-3", "LT-3"),
        ("Interviews are held from 9:30 AM onwards at the Placement Office, Sector 7.", "Placement Office, Sector 7"),
        ("Report tomorrow, 9 AM, LT-2.", "LT-2"),
        ("PPT at 4 PM today, Auditorium (Sec-12)", "Auditorium (Sec-12)"),
        ("Next round: 14th Nov, 10 AM, Virtual", "Virtual"),
        ("PPT: 3 Dec 9.30 am Kalamandir. Test right after.", "Kalamandir"),
        ("Test at 9 AM in the Newton block. Be early.", "Newton block"),
        ("ppt is tmrw 10 sharp @ 2nd floor T&P. formals compulsory", "2nd floor T&P"),
        ("Interviews on 2 Dec, 8:30 a.m., Life Sciences Quadrangle.", "Life Sciences Quadrangle"),
        ("Orbit interviews at 4 PM, Orbit will recruit analysts", None),
        ("No need to come to Cabin 4 tomorrow, 10 AM.", None),
        ("Shortlisted for the interview on 16 November 2026 at 10 AM (Virtual).", "Virtual"),
        ("Test on Tuesday, Online Test link follows", None),
        ("Invited to the Virtual Founders Talk at 4 PM", "Virtual"),
        ("Mode: Online", "Online"),
        ("Online Test on 15 July", None),
        ("Virtual Mode of the test is strictly not allowed", None),
        ("The office is in Block B", None),
        (
            "Reporting: 9 Sept 2026, 9:30 AM, Placement Cell, 2nd floor, Admin Block",
            "Placement Cell, 2nd floor, Admin Block",
        ),
        ("HR interview on 21/09 @10:30 AM in CSE Smart Classroom.", "CSE Smart Classroom"),
        ("Be seated in Labs 4, 5 and 6 of IT dept by 2.30 pm.", "Labs 4, 5 and 6 of IT dept"),
        (
            "Report at 8 am at Hotel Orbit Rendezvous, Apte Road, Pune on 27 Sept.",
            "Hotel Orbit Rendezvous, Apte Road, Pune",
        ),
        ("PPT : 8 Aug 5 pm Insti Auditorium", "Insti Auditorium"),
        ("The PPT on 16 October will now be on Webex at 6 pm instead of at Silver Hall.", "Webex"),
        ("Reporting time 8.00 a.m. on 5 Dec, CDC Seminar Hall.", "CDC Seminar Hall"),
        ("First level will be a coding round on 4 November, 5 PM.", None),
        ("Mode: Online (Zoom), joining link after registration", "Online (Zoom)"),
        ("Interviews: 1 Dec, 08:00 hrs, Rubric room at Nilgiri Guest House.", "Rubric room at Nilgiri Guest House"),
        ("Orbit will hold its pre placement talk in L-17 at 6:30 pm on Monday.", "L-17"),
        ("Sab log par Block 38 Lab 401 mein baith ke test denge", "Block 38 Lab 401"),
        ("Where - Block 13 Auditorium (and live on YouTube: https://a.example)", "Block 13 Auditorium"),
        ("where: Pune, hybrid", None),
        ("Interviews planned on 24 November in Block 34 will now be held online from 2 PM.", "Virtual"),
        ("Students must give their names in T&P cell (Block 32, Room 101) by 20 Nov, 4 PM.", None),
        ("Give your consent to dept TPO coordinators by 4 pm.", None),
        ("Orbit (D2C brand) wants interns, test at 5 pm", None),
        ("Waiting room: LT-201", "LT-201"),
        ("Interviews of 5 Nov (10 am) shall be in person and not on Teams as told before.", None),
        ("PPT in Seminar Hall, 27 Sept, 4 PM", "Seminar Hall"),
        ("Report at 9 am in the lab, Orbit will hold a test", None),
        ("Orbit interview, 5 PM, Seminar Hall, Carry two copies", "Seminar Hall"),
        ("Come to the PPT at 4 PM, SRI-B will recruit analysts", None),
        ("Venue: Auditorium, Library Building (earlier Seminar Hall)", "Auditorium, Library Building"),
    ],
)
def test_a_place_in_a_sentence(text: str, venue: str | None) -> None:
    assert named_venue([text]) == venue


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("TCS ONLINE TEST IS ON 9-9-2026 10.00 AM SHARP IN ECE LAB 3 & 4, III FLOOR, NORTH BLOCK.",
         "ECE LAB 3 & 4, III FLOOR, NORTH BLOCK"),
        ("POOL DRIVE OF NILA FOODS IS CONDUCTING AT SARASWATHI ENGG COLLEGE, ELURU ON 19-11-2026.",
         "SARASWATHI ENGG COLLEGE, ELURU"),
        ("GD kal subah 10 baje se, TPO Dept 2nd floor. 9.40 tak pahuch jana", "TPO Dept 2nd floor"),
        ("Venue maaraledu, adhe Tagore Hall, 3rd floor labs.", "Tagore Hall, 3rd floor labs"),
        ("Next: interview on 06.10.26 @ 9.15 AM, Training Suite (C-block, level 2).",
         "Training Suite (C-block, level 2)"),
        ("Grand finale 10-11 October, Zepto office, Mumbai (travel paid)", "Zepto office, Mumbai"),
        ("Engae: online, link company anuppum", "online"),
        ("As suggested by you we are fine with the Vikram Sarabhai Hall.", "Vikram Sarabhai Hall"),
        ("The talk is at 2 PM. The main auditorium as agreed is ok for us.", "main auditorium"),
        ("All slots in Central Computing Facility. Report 20 minutes before.", "Central Computing Facility"),
        ("Mech & Auto -> 8.30 am to 10.00 am -> CAD Centre. Hall ticket has come.", "CAD Centre"),
        ("Appear at your campus, Training Hall 2, on 4th December at 9.15 AM.", "Training Hall 2"),
        ("The interview of Orbit, Nova plant, Gate no. 2 par hai, 9 am. College ki bus hai.", "Nova plant, Gate no. 2"),
        ("Interviews are virtual, on 7 Dec between 10 am and 6 pm.", "Virtual"),
    ],
)  # fmt: skip
def test_places_as_other_colleges_write_them(text: str, venue: str) -> None:
    assert named_venue([text]) == venue


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("Swiggy ka test ab Computer Centre (ground floor) me hoga", "Computer Centre (ground floor)"),
        ("6. Mode: online only, https://apply.example/27", None),
        ("NILA COMPANY IS COMING FOR CAMPUS", None),
        ("We would love to have her as an intern, starting Monday, from our Pune office.", None),
    ],
)
def test_a_place_without_a_time(text: str, venue: str | None) -> None:
    assert labelled_venue([text]) == venue


@pytest.mark.parametrize(
    ("texts", "venue"),
    [
        (["Interview: 14 January 2027, 10:30 AM, Training Restaurant, IHM."], "Training Restaurant, IHM"),
        (["Hackathon on 6th February 2027, Innovation Hub, Orbit Campus."], "Innovation Hub, Orbit Campus"),
        (["interview 10 aug 8am, mba block 3rd floor. carry laptop"], "mba block 3rd floor"),
        (["6th November 2026, 5.30 PM", "Lecture Theatre 3"], "Lecture Theatre 3"),
        (["We can come on 7 January 2027, 9:30 AM. Please keep the Jubilee Hall booked."], "Jubilee Hall"),
        (["The test is on 2 November from 4 pm. Mode is still online on HackerEarth."], "online on HackerEarth"),
        (["Virtual talk on Tue 06 Oct 2026, 04:30 PM, Microsoft Teams."], "Microsoft Teams"),
        (["Test on 5 Oct, 10 am. Mobile phones not permitted in training halls."], None),
        (["They have to visit our Whitefield office on 13 Oct 2026 at 9.30 am."], "Whitefield office"),
        (["Bus will start at 7.15 am from gate 2."], None),
        (["Block your calendars for 14th October, 10 am."], None),
        (["Due to university exam, the class of Saturday 10 am is off."], None),
    ],
)
def test_a_place_in_a_text_on_an_event(texts: list[str], venue: str | None) -> None:
    assert named_venue(texts) == venue


def test_where_a_company_is_situated_is_no_venue() -> None:
    texts = ("We make castings and are situated at Metoda Works, Rajkot.",)
    assert find_venue(Page("", texts), has_event=False) is None
