"""`manage.py explain --source superset`, run as a stranger runs it: files of every kind."""

import codecs
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from scraping.models import Job

NOTICE = {
    "identifier": "n1",
    "title": "Open for applications - Orbit Labs's Job Profile - Analyst",
    "content": "<p>Deadline for applications is <b>September, 20, 10:00 AM</b></p>",
    "lastModifiedByUserName": None,
    "lastModifiedOn": 1789000000000,
    "publishedAt": None,
}

pytestmark = pytest.mark.django_db


def run(path: Path) -> tuple[list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("explain", path, source="superset", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "notices.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.mark.parametrize("content", [[NOTICE], NOTICE, codecs.BOM_UTF8 + json.dumps([NOTICE]).encode()])
def test_a_list_a_notice_alone_and_a_byte_order_mark_are_read(tmp_path: Path, content: object) -> None:
    (read,), _ = run(written(tmp_path, content))
    assert (read["id"], read["category"], read["deadline"]) == ("n1", "job_posting", "2026-09-20T10:00:00+05:30")


def test_an_empty_list_explains_nothing(tmp_path: Path) -> None:
    assert run(written(tmp_path, [])) == ([], "")


def test_a_bad_record_is_left_out_with_its_reason(tmp_path: Path) -> None:
    read, err = run(written(tmp_path, [None, NOTICE]))
    assert [one["id"] for one in read] == ["n1"]
    assert "record 1 is left out" in err


def test_what_many_records_lack_is_said_once(tmp_path: Path) -> None:
    _, said = run(written(tmp_path, [NOTICE, *[{"a": 1}] * 60]))
    assert said == f"{tmp_path / 'notices.json'}: record 2 and 59 more are left out: no identifier\n"
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"notices\.json: no record is a notice: no identifier$"):
        call_command("explain", str(written(tmp_path, [{"a": 1}] * 60)), stderr=err)
    assert err.getvalue() == ""


@pytest.mark.parametrize("content", [b"<html>", b"", "text", 7, {"notices": [NOTICE]}, [None, {}], b"\xff\xfe["])
def test_a_file_of_something_else_is_one_line_of_error(tmp_path: Path, content: object) -> None:
    with pytest.raises(CommandError, match=r"^[^\n]*notices\.json: [^\n]+$"):
        run(written(tmp_path, content))


def test_a_missing_file_is_one_line_of_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.json: No such file or directory$"):
        run(tmp_path / "missing.json")


def test_the_job_among_those_in_the_database(tmp_path: Path) -> None:
    Job.objects.create(identifier="job-1", company="Orbit Labs Pvt Ltd", role="Analyst", season="202627")
    (read,), _ = run(written(tmp_path, [NOTICE]))
    assert read["job_id"] == "job-1"


def test_without_tables_no_job_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTable:
        def values_list(self, *_: str) -> None:
            raise OperationalError("no such table: scraping_job")

    monkeypatch.setattr(Job, "objects", NoTable())
    (read,), _ = run(written(tmp_path, [NOTICE]))
    assert read["job_id"] is None
