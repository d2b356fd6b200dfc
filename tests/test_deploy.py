"""What is deployed with: units systemd accepts, commands that exist, settings that are read."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from supersetbot.operations import metrics
from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
TEXTS = [*UNITS, DEPLOY / "Dockerfile", DEPLOY / "compose.yaml", ROOT / "Procfile", *(ROOT / "docs").glob("*.md")]


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("*** NOT VERIFIED: no systemd-analyze ***")
    for unit in UNITS:  # its programs are not installed here
        text = re.sub(r"/opt/supersetbot/\.venv/bin/\w+", "/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    said = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False).stderr
    assert [line for line in said.splitlines() if "supersetbot" in line] == []


def test_caddy_accepts_its_file() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("*** NOT VERIFIED: no caddy ***")
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    adapted = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    server = json.loads(adapted)["apps"]["http"]["servers"]["srv0"]
    assert server["read_header_timeout"] <= server["read_timeout"] <= 60e9
    assert '"request_buffers":1048576' in adapted.replace(" ", "")


def test_prometheus_accepts_the_rules() -> None:
    if shutil.which("promtool") is None:
        pytest.skip("*** NOT VERIFIED: no promtool ***")
    subprocess.run(["promtool", "check", "rules", str(DEPLOY / "prometheus" / "alerts.yaml")], check=True)


@pytest.mark.django_db
def test_dashboard_and_alerts_name_what_metrics_has() -> None:
    families = {family.name: family for family in metrics.Figures().collect()}
    known = {"supersetbot_info" if name == "supersetbot" else name for name in families}
    for expression in [*alerts().values(), *dashboard()]:
        named = set(re.findall(r"supersetbot_\w+", expression))
        assert named
        assert named <= known, expression
    assert {name for text in dashboard() for name in re.findall(r"supersetbot_\w+", text)} >= known - {
        "supersetbot_info"
    }


def alerts() -> dict[str, str]:
    """The rules' expressions by name; each rule is whole, and its names are of the form Prometheus takes."""
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    for rule in rules:
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"[A-Za-z_]\w*", rule["alert"])
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    return {rule["alert"]: rule["expr"] for rule in rules}


def dashboard() -> list[str]:
    """The expressions of its panels, which do not lie over each other."""
    panels = json.loads((DEPLOY / "grafana" / "supersetbot.json").read_text(encoding="utf-8"))["panels"]
    places = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24
    return [target["expr"] for panel in panels for target in panel["targets"]]


def composed() -> dict[str, Any]:
    """The services of compose.yaml, its anchors and merges resolved."""
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return services


@pytest.mark.parametrize("name", ["migrate", "bot", "scheduler", "web"])
def test_a_container_of_ours_may_do_nothing_it_need_not(name: str) -> None:
    service = composed()[name]
    assert service["read_only"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/data"]


def test_containers_wait_for_what_they_need() -> None:
    services = composed()
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "test" in services[needed]["healthcheck"]


def test_check_image_can_stand_in_for_every_image() -> None:
    images = {service["image"] for service in composed().values()} - {"supersetbot"}
    assert {f"{path.stem}:" for path in (DEPLOY / "check").glob("*.Dockerfile")} == {
        f"{image.partition(':')[0]}:" for image in images
    }
    script = (DEPLOY / "check-image").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(image in script for image in images | set(bases))


def test_the_scripts_are_well_formed() -> None:
    for script in (DEPLOY / "check-image", DEPLOY / "check" / "base"):
        subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"manage(?:\.py,?)? ([a-z_]+)\b(?![.)])", path.read_text(encoding="utf-8")))
    prose = {"of", "and", "to", "is"}
    assert named - prose - set(get_commands()) == set()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    prefixes = r"(?:TELEGRAM|SUPERSET|KEEP|BACKUP|LOG|UPDATE|OFFICIAL|PRUNE|WEBHOOK|ADMIN|NOTIFY|IMAP)_[A-Z_]+[A-Z]"
    named = set(re.findall(rf"\b{prefixes}\b", path.read_text(encoding="utf-8")))
    assert named - known - {f"{name}_FILE" for name in known} == set()


def test_the_image_keeps_what_it_speaks_of_what_it_installs(tmp_path: Path) -> None:
    for language in ("hi", "de", "en_GB"):  # Django starts by the texts of LANGUAGE_CODE, en-gb
        (tmp_path / "django/conf/locale" / language / "LC_MESSAGES").mkdir(parents=True)
    removal = re.search(r"find /venv (.+)", (DEPLOY / "Dockerfile").read_text())
    assert removal
    subprocess.run(["bash", "-c", f"find {tmp_path} {removal[1]}"], check=True)
    assert {path.parent.name for path in tmp_path.rglob("LC_MESSAGES")} == {"hi", "en_GB"}
