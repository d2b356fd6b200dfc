from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraping.items import Document, Mark, PortalNotice
from scraping.sources.portal.parse import parse_documents, parse_job, parse_notice
from tests.scraping.sources.portal.test_values import ANYTHING

NOTICE = {
    "identifier": "n-1",
    "title": "Shortlist published for Stage 2 (Online test)  of Zenith Labs's Software Engineer ",
    "content": "<ol><li>Ira Gokhale (24510001)</li></ol>",
    "lastModifiedByUserName": "Revathi Menon",
    "lastModifiedOn": 1_763_803_600_000,
    "publishedAt": 1_763_800_000_000,
}
SHORT = {
    "jobProfileIdentifier": "j-1",
    "jobProfileTitle": "Software Engineer",
    "companyName": "Zenith Labs",
    "placementCategoryLevel": 1,
    "placementCategoryName": "Dream",
    "content": "<p>Hi</p>",
    "createdAt": 1_763_800_000_000,
    "jobProfileApplicationDeadline": 1_763_900_000_000,
}
DETAIL: dict[str, Any] = {
    "eligibilityCheckResult": {
        "academicResults": [{"level": "UG", "required": 7.0}, {"level": "CLASS_X", "required": "60"}],
        "courseCheckResult": {
            "openedForCourses": [
                {"name": "CSE", "program": {"shortName": "B.Tech."}},
                {"name": "Physics", "program": None},
                {"name": None, "program": {"shortName": "MCA"}},
                {"name": "CSE", "program": {"shortName": "B.Tech."}},
            ]
        },
    },
    "jobProfile": {
        "allowGenderFemale": True,
        "allowGenderMale": False,
        "allowGenderOther": "true",
        "jobDescription": "<p>Build things</p>",
        "invitationCustomText": "<p>Dear students</p>",
        "location": "Bengaluru",
        "package": 1_400_000,
        "ctcMin": "12,00,000",
        "ctcMax": 1_600_000.5,
        "ctcInterval": "annual",
        "ctcAdditionalInfo": "<p>10 base, 4 bonus</p>",
        "requiredSkills": ["Python", None, "SQL"],
        "stages": [
            {"sequence": 4, "name": "HR interview"},
            {"sequence": None, "name": "Surprise"},
            {"sequence": "10", "name": "Offer"},
            {"sequence": 1, "name": "Online test"},
            {"sequence": 2, "name": None},
        ],
        "documents": [
            {"name": "JD.pdf", "identifier": "d-1"},
            {"name": "Brief.docx", "identifier": 2},
            {"name": "lost"},
            {"name": "again", "identifier": "d-1"},
        ],
    },
    "jobProfileLocation": "Elsewhere",
    "positionType": "Full Time",
}


def test_a_notice() -> None:
    assert parse_notice(NOTICE) == PortalNotice(
        identifier="n-1",
        title="Shortlist published for Stage 2 (Online test) of Zenith Labs's Software Engineer",
        content="<ol><li>Ira Gokhale (24510001)</li></ol>",
        author="Revathi Menon",
        published_at=datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC),
        modified_at=datetime(2025, 11, 22, 9, 26, 40, tzinfo=UTC),
    )


def test_a_notice_of_title_and_identifier_alone() -> None:
    assert parse_notice({"identifier": 5, "title": "T"}) == PortalNotice("5", "T", "", "", None, None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "not an object but NoneType"),
        (["x"], "not an object but list"),
        ({**NOTICE, "identifier": None}, "no identifier"),
        ({**NOTICE, "identifier": {"a": 1}}, "no identifier"),
        ({**NOTICE, "identifier": "x" * 101}, "longer than 100"),
        ({**NOTICE, "title": " ", "content": "\n"}, "neither title nor content"),
        ({"identifier": "n-1"}, "neither title nor content"),
    ],
)
def test_a_notice_without_identity_or_meaning(raw: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_notice(raw)


def test_a_job() -> None:
    job = parse_job(SHORT, DETAIL, {"d-1": "https://files.example/1?sig=x"})
    assert (job.identifier, job.role, job.company, job.content) == (
        "j-1",
        "Software Engineer",
        "Zenith Labs",
        "<p>Hi</p>",
    )
    assert (job.category_level, job.category_name) == (1, "Dream")
    assert job.created_at == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)
    assert job.deadline == datetime(2025, 11, 23, 12, 13, 20, tzinfo=UTC)
    assert (job.description, job.invitation) == ("<p>Build things</p>", "<p>Dear students</p>")
    assert [job.package, job.ctc_min, job.ctc_max] == [Decimal(each) for each in ("1400000", "1200000", "1600000.5")]
    assert (job.interval, job.package_info, job.position_type) == ("ANNUAL", "<p>10 base, 4 bonus</p>", "Full Time")
    assert job.marks == (Mark("UG", 7.0), Mark("CLASS_X", 60.0))
    assert job.courses == ("B.Tech. - CSE", "Physics", "MCA")
    assert job.genders == ("Female", "Other")
    assert job.skills == ("Python", "SQL")
    assert job.documents == (Document("d-1", "JD.pdf", "https://files.example/1?sig=x"), Document("2", "Brief.docx"))


def test_stages_are_in_order_whatever_the_holes() -> None:
    assert parse_job(SHORT, DETAIL).stages == ("Online test", "HR interview", "Offer", "Surprise")


@pytest.mark.parametrize(
    ("inner", "outer", "place"),
    [
        ("Bengaluru", "Pune", "Bengaluru"),
        (None, "Pune", "Pune"),
        ("  ", "Pune", "Pune"),
        (["Noida", None, "Pune"], "", "Noida, Pune"),
        (7, None, ""),
    ],
)
def test_the_place_is_the_profiles_or_else_the_outer_one(inner: object, outer: object, place: str) -> None:
    assert parse_job(SHORT, {"jobProfile": {"location": inner}, "jobProfileLocation": outer}).location == place


@pytest.mark.parametrize(
    ("level", "name", "shown"),
    [
        (1, None, "High"),
        (2, "", "Middle"),
        ("3", None, "Offer is more than 4.6 lacs"),
        (4.0, None, "Internship"),
        (4, "Summer", "Summer"),
        (9, None, ""),
        (None, None, ""),
    ],
)
def test_a_category_without_a_name_has_that_of_its_level(level: object, name: object, shown: str) -> None:
    job = parse_job({**SHORT, "placementCategoryLevel": level, "placementCategoryName": name})
    assert job.category_name == shown


@pytest.mark.parametrize("detail", [None, [], "x", {}, {"jobProfile": None, "eligibilityCheckResult": 3}])
def test_a_job_without_its_full_form_is_what_the_short_one_says(detail: object) -> None:
    job = parse_job(SHORT, detail)
    assert (job.company, job.marks, job.stages, job.package, job.genders) == ("Zenith Labs", (), (), None, ())


@pytest.mark.parametrize("required", [None, "none", 0, -1, float("nan"), []])
def test_a_mark_that_asks_for_nothing_is_left_out(required: object) -> None:
    detail = {"eligibilityCheckResult": {"academicResults": [{"level": "UG", "required": required}, None]}}
    assert parse_job(SHORT, detail).marks == ()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x", "", None])
def test_a_document_has_only_links_for_the_web(link: Any) -> None:
    assert parse_documents(DETAIL, {"d-1": link})[0].url == ""


@pytest.mark.parametrize("raw", [None, 3, {}, {**SHORT, "jobProfileIdentifier": ""}])
def test_a_job_without_identity(raw: object) -> None:
    with pytest.raises(ValueError, match=r"no jobProfileIdentifier|not an object"):
        parse_job(raw, DETAIL)


@given(
    st.fixed_dictionaries(
        {"title": st.just("T")}, optional=dict.fromkeys(set(NOTICE) - {"title", "identifier"}, ANYTHING)
    )
)
def test_no_field_makes_a_notice_unreadable(fields: dict[str, object]) -> None:
    assert parse_notice({"identifier": "n-1", **fields}).title == "T"


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(set(SHORT) - {"jobProfileIdentifier"}, ANYTHING)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(DETAIL["jobProfile"], ANYTHING)),
    ANYTHING,
)
def test_no_field_makes_a_job_unreadable(short: dict[str, object], profile: dict[str, object], checks: object) -> None:
    detail = {"jobProfile": profile, "eligibilityCheckResult": checks}
    assert parse_job({"jobProfileIdentifier": "j-1", **short}, detail).identifier == "j-1"
