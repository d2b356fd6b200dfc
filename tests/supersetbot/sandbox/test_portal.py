"""The sandbox's portal as a client sees it: plain requests over a real socket."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.season import season
from supersetbot.sandbox.portal.server import TENANT_ID, TENANT_TYPE, Portal
from tests.paths import SAMPLES as ALL_SAMPLES

SAMPLES = ALL_SAMPLES / "portal"
CSE, ECE = portal_world.ACCOUNTS
HEADERS = {
    "x-requester-client": "webapp",
    "x-superset-tenant-id": TENANT_ID,
    "x-superset-tenant-type": TENANT_TYPE,
}


class Student:
    """A bare client of the portal."""

    def __init__(self, url: str, key: str) -> None:
        self.http = httpx.Client(base_url=url, headers=HEADERS, timeout=5)
        self.key = key

    def encrypted(self, password: str) -> str:
        key = load_der_public_key(base64.b64decode(self.key))
        assert isinstance(key, RSAPublicKey)
        return base64.b64encode(key.encrypt(password.encode(), PKCS1v15())).decode()

    def log_in(self, account: portal_world.Account = CSE) -> dict[str, Any]:
        form = {"username": account.email, "password": self.encrypted(account.password)}
        answer: dict[str, Any] = self.http.post("/login", json=form).raise_for_status().json()
        self.http.headers["Authorization"] = f"Custom {answer['sessionKey']}"
        self.home = f"/students/{answer['uuid']}"
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.http.get(f"{self.home}/{path}")

    def titles(self, query: str = "page=0&size=100&_loader_=false") -> list[str]:
        return [notice["title"] for notice in self.get(f"notices?{query}").raise_for_status().json()]


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal().in_thread() as portal:
        yield portal


@pytest.fixture
def student(portal: Portal) -> Iterator[Student]:
    student = Student(portal.url, portal.public_key)
    with student.http:
        yield student


def test_a_login_gives_a_session_of_the_portals_shape(student: Student) -> None:
    answer = student.log_in()
    assert answer["username"] == CSE.email
    assert answer["sessionKey"]
    assert set(answer) == {
        "userId", "username", "name", "emailHash", "sessionKey", "uuid", "refreshToken", "userProfilePhotoId",
        "userModes", "permissions", "emailVerified", "message", "enableMfa",
    }  # fmt: skip


@pytest.mark.parametrize("password", ["plain text", "", None, 7])
def test_a_password_that_is_not_encrypted_is_refused(student: Student, password: object) -> None:
    assert student.http.post("/login", json={"username": CSE.email, "password": password}).status_code == 401


def test_a_wrong_password_is_refused(student: Student) -> None:
    form = {"username": CSE.email, "password": student.encrypted("wrong")}
    assert student.http.post("/login", json=form).status_code == 401


def test_an_account_with_a_second_factor_gets_no_session(portal: Portal, student: Student) -> None:
    portal.world.accounts.append(portal_world.Account("mfa@sandbox.example", "pw", mfa=True))
    answer = student.log_in(portal.world.accounts[-1])
    assert (answer["enableMfa"], answer["sessionKey"]) == (True, None)


@pytest.mark.parametrize("header", sorted(HEADERS))
def test_every_header_of_the_tenant_is_asked_for(student: Student, header: str) -> None:
    student.log_in()
    del student.http.headers[header]
    assert student.get("notices").status_code == 400


def test_a_call_without_a_session_is_refused(portal: Portal, student: Student) -> None:
    student.log_in()
    portal.expire_sessions()
    assert [student.get(path).status_code for path in ("notices", "job_profiles", "job_profiles/x")] == [401] * 3


def test_a_session_opens_only_its_own_account(student: Student) -> None:
    student.log_in(CSE)
    assert student.http.get(f"/students/{ECE.uuid}/notices").status_code == 401


def test_branches_see_different_things(student: Student) -> None:
    seen = []
    for account in (CSE, ECE):
        student.log_in(account)
        seen.append({job["companyName"] for job in student.get("job_profiles?_loader_=false").json()})
    assert seen[0] ^ seen[1] == {"Quillstack", "Orbit Hinge Robotics"}


def test_notices_come_in_pages_newest_first(student: Student) -> None:
    student.log_in()
    everything = student.titles()
    assert len(everything) == 11
    assert student.titles("page=1&size=4") == everything[4:8]


def test_a_job_leads_to_its_documents(student: Student) -> None:
    student.log_in()
    jobs = student.get("job_profiles").json()
    key = next(job["jobProfileIdentifier"] for job in jobs if job["companyName"] == "Quillstack")
    document = student.get(f"job_profiles/{key}").json()["jobProfile"]["documents"][1]["identifier"]
    link = student.get(f"job_profiles/{key}/documents/{document}/url").json()["url"]
    assert document in httpx.get(link).text
    assert student.get(f"job_profiles/{key}/documents/another/url").status_code == 404


def test_a_job_for_others_is_not_there(portal: Portal, student: Student) -> None:
    student.log_in(CSE)
    key = next(key for key, job in portal.world.jobs.items() if job.branches == {"ECE"})
    assert student.get(f"job_profiles/{key}").status_code == 404


def test_what_is_published_edited_and_taken_down_shows_at_once(portal: Portal, student: Student) -> None:
    student.log_in()
    notice = portal.publish_notice(portal_world.make_notice(("Bus at 8", "<p>Gate 2</p>"), datetime.now(UTC), Random()))
    assert student.titles()[0] == "Bus at 8"
    before = notice["lastModifiedOn"]
    portal.edit_notice(notice["identifier"], title="Bus at 9")
    assert student.titles()[0] == "Bus at 9"
    assert portal.world.notices[notice["identifier"]].record["lastModifiedOn"] >= before
    portal.remove(notice["identifier"])
    assert "Bus at 9" not in student.titles()


def test_a_job_can_be_published_and_edited(portal: Portal, student: Student) -> None:
    student.log_in()
    job = portal_world.make_job(
        portal_world.Offer("Copper Kite", "Tester", 3, 500_000, "Pune"), datetime.now(UTC), Random()
    )
    key = portal.publish_job(job)["jobProfileIdentifier"]
    portal.edit_job(key, short={"jobProfileTitle": "Lead tester"}, profile={"package": 600_000})
    assert "Lead tester" in {each["jobProfileTitle"] for each in student.get("job_profiles").json()}
    assert student.get(f"job_profiles/{key}").json()["jobProfile"]["package"] == 600_000


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        (faults.status(500), 500, '{"error"'),
        (faults.html(), 200, "<!doctype html>"),
        (faults.null(), 200, "null"),
        (faults.empty(), 200, "[]"),
        (faults.error_object(), 200, '{"status": 500'),
        (faults.cut(), 200, '[{"identifier"'),
    ],
)
def test_a_fault_answers_instead(
    portal: Portal, student: Student, fault: faults.Fault, status: int, start: str
) -> None:
    student.log_in()
    portal.fail(fault, "notices")
    answer = student.get("notices")
    assert (answer.status_code, answer.text[: len(start)]) == (status, start)


def test_a_fault_can_carry_headers(portal: Portal, student: Student) -> None:
    student.log_in()
    portal.fail(faults.status(429, Retry_After="7"))
    assert student.get("notices").headers["Retry-After"] == "7"


@pytest.mark.parametrize("fault", [faults.drop(), faults.truncated()])
def test_a_connection_can_be_lost(portal: Portal, student: Student, fault: faults.Fault) -> None:
    student.log_in()
    portal.fail(fault, "notices")
    with pytest.raises(httpx.TransportError):
        student.get("notices")


def test_an_answer_can_be_huge(portal: Portal, student: Student) -> None:
    student.log_in()
    portal.fail(faults.huge(30), "notices")
    assert len(student.get("notices").content) > 30 * 1024 * 1024


def test_an_answer_can_be_late(portal: Portal, student: Student) -> None:
    student.log_in()
    portal.fail(faults.slow(60), "notices")
    with pytest.raises(httpx.ReadTimeout):
        student.http.get(f"{student.home}/notices", timeout=0.1)


def test_a_fault_ends_after_its_times_or_when_mended(portal: Portal, student: Student) -> None:
    student.log_in()
    portal.fail(faults.status(503), "notices", times=2)
    assert [student.get("notices").status_code for _ in range(3)] == [503, 503, 200]
    portal.fail(faults.status(500))
    portal.mend()
    assert student.get("notices").status_code == 200


def test_a_fault_hits_only_whom_it_is_for(portal: Portal, student: Student) -> None:
    keys = [key for key, job in portal.world.jobs.items() if not job.branches][:2]
    portal.fail(faults.status(500), "job", email=CSE.email, key=keys[0])
    statuses = {}
    for account in (CSE, ECE):
        student.log_in(account)
        statuses[account] = [student.get(f"job_profiles/{key}").status_code for key in keys]
    assert statuses == {CSE: [500, 200], ECE: [200, 200]}


def test_a_fault_for_an_unknown_call_is_a_mistake(portal: Portal) -> None:
    with pytest.raises(ValueError, match="'login page' is no call"):
        portal.fail(faults.html(), "login page")


def test_calls_are_counted(portal: Portal, student: Student) -> None:
    student.log_in()
    student.titles()
    student.titles()
    assert portal.calls == Counter({"login": 1, ("login", CSE.email): 1, "notices": 2, ("notices", CSE.email): 2})
    assert portal.busiest == 1


def test_the_season_is_eight_jobs_and_twelve_notices_of_late() -> None:
    now = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    world = season(now)
    assert (len(world.jobs), len(world.notices)) == (8, 12)
    published = [notice.record["publishedAt"] for notice in world.notices.values()]
    assert portal_world.epoch(now - timedelta(days=4)) < min(published) <= max(published) < portal_world.epoch(now)
    contents = "".join(notice.record["content"] for notice in world.notices.values())
    assert all(word in contents for word in ("<table", "Deadline for applications is <b>November, 23, 11:59 PM</b>"))


def test_a_shortlist_of_forty_two_names_everyone_once() -> None:
    content = next(each.record["content"] for each in season().notices.values() if "Bluepeak" in each.record["title"])
    rows = [line for line in content.splitlines() if "<li>" in line]
    assert (len(rows), len(set(rows))) == (42, 42)


def test_the_same_moment_gives_the_same_season() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert season(now) == season(now)


@pytest.mark.parametrize("seed", range(30))
def test_fresh_notices_and_jobs_are_whole_and_published_now(seed: int) -> None:
    now, world = datetime.now(UTC), season()
    notice = portal_world.random_notice(world, now, Random(seed)).record
    job = portal_world.random_job(now, Random(seed))
    assert notice["identifier"] not in world.notices
    assert notice["publishedAt"] == job.short["createdAt"] == portal_world.epoch(now)
    assert all((notice["title"].strip(), notice["content"].startswith(("<", "\t", " ", "Following", "Stage"))))
    assert job.opening.stages == portal_world.STAGES


def test_a_world_without_jobs_still_has_something_to_say() -> None:
    assert portal_world.random_notice(portal_world.World([])).record["title"].startswith("Upcoming Event")


def alone(*options: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    command = [sys.executable, "-m", "supersetbot.sandbox.portal.server", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout
    return process, json.loads(process.stdout.readline())


def test_alone_it_says_where_it_is_and_ends_on_a_signal() -> None:
    process, said = alone("--notices", "5", "--jobs", "2", "--documents", "3", "--size", "500")
    with process:
        student = Student(said["url"], said["public_key"])
        with student.http:
            student.log_in(CSE)
            assert len(student.titles()) == 5
            keys = [job["jobProfileIdentifier"] for job in student.get("job_profiles").json()]
            assert len(student.get(f"job_profiles/{keys[0]}").json()["jobProfile"]["documents"]) == 3
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert said["accounts"][0] == {"email": CSE.email, "password": CSE.password}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"*** the shared samples are not at {SAMPLES} ***")
def test_it_serves_saved_answers() -> None:
    with Portal(portal_world.load(SAMPLES)).in_thread() as portal:
        student = Student(portal.url, portal.public_key)
        with student.http:
            student.log_in()
            assert len(student.get("notices?page=0&size=1000").json()) == 126
            assert len(student.get("job_profiles").json()) == 30


def test_it_needs_no_django() -> None:
    code = "import supersetbot.sandbox.portal.server, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("hour", [0, 12, 20])
def test_nobody_is_interviewed_at_night_whenever_the_sandbox_is_started(hour: int) -> None:
    world = season(datetime(2026, 11, 29, hour, 44, tzinfo=UTC))
    told = " ".join(notice.record["content"] for notice in world.notices.values())
    assert set(re.findall(r"\d\d:\d\d [AP]M(?= IST)", told)) == {"10:00 AM", "12:00 PM"}


def test_a_list_holds_the_student_that_is_wanted_once() -> None:
    for seed in range(50):
        numbers = [number for _, number in portal_world.students(9, Random(seed), "24510039")]
        assert len(set(numbers)) == 9
        assert numbers.count("24510039") == 1
