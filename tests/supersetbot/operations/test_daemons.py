"""Daemons as an operator sees them: real processes, real signals."""

import os
import re
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.models import Delivery, Heartbeat, beat
from notifications.publishing.publish import Draft, publish
from notifications.tasks import wake
from notifications.telegram_bot import bot_status
from supersetbot.operations import daemons
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.paths import ROOT
from tests.processes import Installation, family, wait_until


def test_the_bot_is_detached_in_every_way_and_says_how_it_stands(installation: Installation, telegram: BotApi) -> None:
    telegram.add_user(1001, "Asha")
    assert re.fullmatch(r"bot started \(PID \d+\)\.\n", installation.daemon("start", "bot"))
    process = installation.process("bot")
    assert os.getsid(process.pid) not in (os.getsid(0), process.pid)  # a new session, and not its leader: no terminal
    assert process.terminal() is None
    assert process.cwd() == str(ROOT)
    assert "Umask:\t0077" in Path(f"/proc/{process.pid}/status").read_text()
    log = str(daemons.log_file("bot"))
    assert [str(Path(f"/proc/{process.pid}/fd/{n}").readlink()) for n in range(3)] == ["/dev/null", log, log]

    telegram.user_says(1001, "/start")
    telegram.wait_until(lambda: bool(telegram.messages(1001)), 20)
    since = r"since \w+ \d+ \w+, [\d:]+ [AP]M"
    running = rf"bot +running, PID {process.pid}, {since}, \d+ MB, last heartbeat \d+ s ago\n +log {log}"
    assert re.match(running, installation.daemon("status", "bot"))
    with pytest.raises(CommandError, match=rf"bot is already running \(PID {process.pid}\)"):
        installation.daemon("start", "bot")

    assert installation.daemon("stop", "bot") == "bot stopped.\n"
    assert not daemons.is_alive(process)
    assert not (installation.folder / "pids" / "bot.pid").exists()
    with pytest.raises(SystemExit, match="3"):
        installation.daemon("status", "bot")
    assert f"bot starts, PID {process.pid}" in installation.daemon("logs", "bot")
    assert telegram.token not in installation.log("bot")


def test_beside_a_bot_that_is_no_daemon_none_is_started_until_that_one_is_gone(
    installation: Installation, telegram: BotApi
) -> None:
    def at_work() -> bool:
        bot = bot_status.read()
        return bool(bot and bot.state == bot_status.State.POLLING)

    with installation.spawn("runbot") as other:
        wait_until(at_work)
        with pytest.raises(CommandError, match=rf"^bot did not start: A bot is at work .* already \(PID {other.pid}\)"):
            installation.daemon("start", "bot")
        other.kill()
        other.wait()
        assert "bot started" in installation.daemon("start", "bot"), "its last heartbeat is seconds old"
    assert installation.daemon("restart", "bot").startswith("bot stopped.\nbot started")
    with installation.spawn("runbot") as second:
        assert second.wait(60) == 1


def test_a_bot_that_may_live_on_another_machine_does_not_hinder_a_start(
    installation: Installation, telegram: BotApi
) -> None:
    bot_status.report(bot_status.State.POLLING)
    Heartbeat.objects.filter(process="bot").update(owner=f"before-the-reboot/1234:{os.getpid()}:1")
    assert "bot started" in installation.daemon("start", "bot")


def test_restart_and_kill_9_leave_one_scheduler_and_nothing_of_the_old_one(installation: Installation) -> None:
    installation.daemon("restart", "scheduler")
    first = installation.process("scheduler")
    beat("scheduler")
    assert re.search(r"\d+ MB in \d processes, last heartbeat \d+ s ago", installation.daemon("status", "scheduler"))
    installation.daemon("restart", "scheduler")
    second = installation.process("scheduler")
    assert first.pid != second.pid
    assert not daemons.is_alive(first)

    everyone = family(second)
    assert len(everyone) > 3
    second.kill()
    wait_until(lambda: not any(map(daemons.is_alive, everyone)))
    with pytest.raises(SystemExit, match="3"):
        installation.daemon("status", "scheduler")
    assert "scheduler started" in installation.daemon("start", "scheduler")


def test_one_that_ignores_sigterm_is_killed_with_all_it_forked(installation: Installation) -> None:
    installation.daemon("start", "scheduler")
    everyone = family(installation.process("scheduler"))
    for process in everyone:
        process.send_signal(signal.SIGSTOP)
    said = installation.daemon("stop", "scheduler", "--timeout", "0.5")
    assert said == "scheduler did not stop within 0.5 s and was killed.\n"
    wait_until(lambda: not any(map(daemons.is_alive, everyone)))
    assert not (installation.folder / "pids" / "scheduler.pid").exists()


def test_sigterm_in_the_middle_of_a_broadcast_loses_nothing(
    installation: Installation, telegram: BotApi, subscribe: Subscribe
) -> None:
    for _ in range(300):
        subscribe()
    publish(Draft(external_key="test:1", title="Zenith Labs visits", published_at=timezone.now()))
    wake("telegram")
    installation.daemon("start", "scheduler")
    telegram.wait_until(lambda: len(telegram.messages()) > 20, 30)

    started = monotonic()
    assert installation.daemon("stop", "scheduler") == "scheduler stopped.\n"
    assert monotonic() - started < 10
    sent = Delivery.objects.filter(state="sent").count()
    assert 20 < sent == len(telegram.messages()) < 300
    assert not Delivery.objects.filter(state="sending").exists()


def test_the_web_server_runs_where_the_settings_say(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    installation.set(WEBHOOK_PORT=str(port), WEB_WORKERS="1", HTTPS="false")
    installation.daemon("start", "web")
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert b'"status": "healthy"' in connection.makefile("rb").read()
    with pytest.raises(CommandError, match="already running"):
        installation.daemon("start", "web")
    assert installation.daemon("stop", "web") == "web stopped.\n"
    assert "Listening at" in installation.log("web")


def test_a_port_in_use_is_told(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        installation.set(WEBHOOK_PORT=port)
        with pytest.raises(CommandError) as error:
            installation.daemon("start", "web")
    assert f"127.0.0.1:{port} (WEBHOOK_HOST, WEBHOOK_PORT) can't be used: Address already in use" in str(error.value)


def test_why_it_died_is_told(installation: Installation, telegram: BotApi) -> None:
    wrong = "123456789:AAE-this_is_not_the_token_you_want"
    installation.set(TELEGRAM_BOT_TOKEN=wrong)
    with pytest.raises(CommandError) as error:
        installation.daemon("start", "bot")
    assert str(error.value) == (
        "bot did not start: Telegram does not accept TELEGRAM_BOT_TOKEN. Check it, and TELEGRAM_API_URL."
        f" (log: {daemons.log_file('bot')})"
    )
    assert daemons.running("bot") is None
    assert "Telegram does not accept" in installation.log("bot")
    assert wrong not in installation.log("bot")


def test_a_telegram_out_of_reach_is_said_but_does_not_keep_the_bot_from_starting(
    installation: Installation, telegram: BotApi
) -> None:
    installation.set(TELEGRAM_API_URL="http://127.0.0.1:9")
    assert "Telegram can't be reached" in installation.daemon("start", "bot")
    assert installation.process("bot")


@pytest.mark.parametrize("place", ["logs", "pids"])
def test_a_folder_that_can_not_be_written_is_told(installation: Installation, place: str) -> None:
    (installation.folder / place).write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=rf"^scheduler.*{place}") as error:
        installation.daemon("start", "scheduler")
    assert "\n" not in str(error.value)


def test_a_database_out_of_reach_is_told(installation: Installation) -> None:
    installation.set(DATABASE_URL=f"sqlite:///{installation.folder}/no/such/folder.sqlite3")
    with pytest.raises(CommandError, match="scheduler did not start: The database does not answer"):
        installation.daemon("start", "scheduler")


def test_a_broker_out_of_reach_is_told(installation: Installation) -> None:
    installation.set(Q_BROKER="redis://:hunter2-redis@127.0.0.1:9/0")
    with pytest.raises(
        CommandError, match=r"scheduler did not start: Q_BROKER: redis does not answer \(.*refused"
    ) as error:
        installation.daemon("start", "scheduler")
    assert "hunter2" not in str(error.value)


def test_a_foreign_process_on_the_old_pid_is_left_alone(installation: Installation) -> None:
    foreign = subprocess.Popen(["sleep", "60"])
    try:
        path = installation.folder / "pids" / "bot.pid"
        path.parent.mkdir()
        path.write_text(f"{foreign.pid}\n{psutil.Process(foreign.pid).create_time()}\n")
        said = installation.daemon("stop", "bot")
        assert said == "bot is not running (it had died; its PID file is cleaned away).\n"
        path.write_text(f"{foreign.pid}\n{psutil.Process(foreign.pid).create_time()}\n")
        with pytest.raises(SystemExit, match="3"):
            installation.daemon("status", "bot")
        assert foreign.poll() is None
        assert not path.exists()
    finally:
        foreign.kill()
        foreign.wait()


def test_of_two_starts_at_once_one_wins(installation: Installation, telegram: BotApi) -> None:
    with ThreadPoolExecutor(2) as pool:
        starts = [pool.submit(daemons.start, "bot", 60.0) for _ in range(2)]
    (failure,) = (error for start in starts if (error := start.exception()))
    pid = installation.process("bot").pid
    assert isinstance(failure, daemons.DaemonError)
    assert f"already running (PID {pid})" in str(failure)


def test_daemon_mode_of_older_installations_detaches_the_bot(installation: Installation, telegram: BotApi) -> None:
    installation.set(DAEMON_MODE="true")
    call_command("runbot", daemon=True)
    assert installation.process("bot").pid != os.getpid()


def test_a_log_that_is_missing_does_not_hide_the_others(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    path = daemons.log_file("web")
    path.parent.mkdir()
    path.write_text("all is well\n")
    with pytest.raises(CommandError, match=r"scheduler\.log: No such file.*bot\.log: No such file"):
        call_command("daemon", "logs", "all")
    assert "web.log <==\nall is well\n" in capsys.readouterr().out


def test_logs_are_shown_and_followed(installation: Installation) -> None:
    path = daemons.log_file("web")
    path.parent.mkdir()
    path.write_text("one\ntwo\nthree\n")
    assert installation.daemon("logs", "web", "-n", "2") == "two\nthree\n"
    with pytest.raises(CommandError, match=r"bot.log: No such file"):
        installation.daemon("logs", "bot")
    with installation.spawn("daemon", "logs", "web", "-f", "-n", "1") as process:
        assert process.stdout
        assert process.stdout.readline() == "three\n"
        path.rename(path.with_suffix(".1"))
        path.write_text("four\n")
        assert process.stdout.readline() == "four\n"
