"""Processes that live and end together; small programs stand in for the site's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from studio.processes.child import site_command
from studio.processes.readiness import port_trouble
from studio.processes.supervisor import ChildDied, NotAnswering, Supervisor, stopped_by_signals

PATIENCE = 60


def program(text: str) -> list[str]:
    """The command line of a small Python program."""
    return [sys.executable, "-c", textwrap.dedent(text)]


POLITE = program("""
    import signal, sys, time
    def finish(*ignored):
        print("finished what it did", flush=True)
        sys.exit(0)
    signal.signal(signal.SIGTERM, finish)
    print("ready", flush=True)
    while True:
        time.sleep(60)
""")

STUBBORN = program("""
    import os, signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("grandchild", grandchild.pid, flush=True)
    while True:
        time.sleep(60)
""")


class Lines(list):
    """What was told, line by line, to be waited for from another thread."""

    def __init__(self):
        super().__init__()
        self.news = threading.Condition()

    def tell(self, line):
        with self.news:
            self.append(line)
            self.news.notify_all()

    def wait_for(self, words):
        with self.news:
            assert self.news.wait_for(lambda: any(words in line for line in self), PATIENCE), self
            return next(line for line in self if words in line)


@pytest.fixture
def lines():
    return Lines()


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_processes_that_are_asked_to_stop_finish_what_they_do(lines):
    with Supervisor({"web": POLITE, "worker": POLITE}, tell=lines.tell) as site:
        lines.wait_for("web    | ready")
        lines.wait_for("worker | ready")
        pids = [child.pid for child in site.children]
        site.check()
    assert "web    | finished what it did" in lines
    assert "worker | finished what it did" in lines
    assert not any(is_running(pid) for pid in pids)


def test_a_process_that_does_not_stop_is_killed_with_all_its_own(lines):
    with Supervisor({"worker": STUBBORN}, grace=0.2, tell=lines.tell) as site:
        grandchild = int(lines.wait_for("grandchild").split()[-1])
        leader = site.children[0].pid
        assert is_running(grandchild)
    wait_until(lambda: not is_running(grandchild))
    assert not is_running(leader)
    assert lines.wait_for("is killed") == "worker | does not stop within 0 seconds and is killed"


def test_a_process_that_ends_by_itself_is_named_with_its_exit_code(lines):
    commands = {"web": POLITE, "poller": program("import sys; print('no database', flush=True); sys.exit(3)")}
    with Supervisor(commands, tell=lines.tell) as site:
        with pytest.raises(ChildDied, match="'poller' ended with exit code 3"):
            site.watch(threading.Event())
        web = site.children[0].pid
        assert "poller | no database" in lines
    assert not is_running(web)


def test_a_process_that_was_killed_is_named_with_its_signal(lines):
    with Supervisor({"worker": POLITE}, tell=lines.tell) as site:
        lines.wait_for("ready")
        os.kill(site.children[0].pid, signal.SIGKILL)
        with pytest.raises(ChildDied, match="'worker' was ended by SIGKILL"):
            site.watch(threading.Event())


def test_what_a_dead_leader_left_behind_is_ended_too(lines):
    leaves = program("""
        import subprocess, sys
        grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.DEVNULL)
        print("grandchild", grandchild.pid, flush=True)
    """)
    site = Supervisor({"worker": leaves}, tell=lines.tell)
    site.start()
    grandchild = int(lines.wait_for("grandchild").split()[-1])
    with pytest.raises(ChildDied):
        site.watch(threading.Event())
    site.stop()
    wait_until(lambda: not is_running(grandchild))


def test_a_command_that_cannot_be_started_ends_the_others(lines):
    site = Supervisor({"web": POLITE, "worker": ["/no/such/program"]}, tell=lines.tell)
    with pytest.raises(FileNotFoundError):
        site.start()
    assert site.children == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_nothing_goes_on_when_the_supervisor_itself_is_killed():
    parent = subprocess.Popen(
        program(f"""
            import os, threading
            os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
            from studio.processes.supervisor import Supervisor
            site = Supervisor({{"web": {POLITE!r}}}, tell=lambda line: print(line, flush=True))
            site.start()
            print("child", site.children[0].pid, flush=True)
            site.watch(threading.Event())
        """),
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    seen = [parent.stdout.readline(), parent.stdout.readline()]
    child = int(next(line for line in seen if line.startswith("child")).split()[1])
    assert is_running(child)
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_running(child))
    parent.stdout.close()


def test_a_signal_is_a_wish_to_stop_and_nothing_else():
    before = signal.getsignal(signal.SIGTERM)
    with stopped_by_signals() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(PATIENCE)
    assert signal.getsignal(signal.SIGTERM) == before


class Answer(BaseHTTPRequestHandler):
    statuses = iter(())

    def do_GET(self):
        self.send_response(next(self.statuses))
        self.end_headers()

    def log_message(self, *args):
        pass


def test_the_site_counts_as_answering_when_it_answers_without_a_server_error(monkeypatch):
    monkeypatch.setattr(Answer, "statuses", iter([503, 500, 200]))
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = Supervisor({})
    assert site.wait_until_answering(f"http://127.0.0.1:{server.server_port}/healthz", seconds=PATIENCE) is True
    server.shutdown()
    server.server_close()
    with pytest.raises(NotAnswering, match=f"{server.server_port}/healthz does not answer"):
        site.wait_until_answering(f"http://127.0.0.1:{server.server_port}/healthz", seconds=0)


def test_a_port_that_is_in_use_is_named():
    server = HTTPServer(("127.0.0.1", 0), Answer)
    assert f"Port {server.server_port} of 127.0.0.1 cannot be used" in port_trouble("127.0.0.1", server.server_port)
    server.server_close()
    assert port_trouble("127.0.0.1", server.server_port) == ""


def test_the_sites_own_commands_run_in_the_same_python():
    command = site_command("web", "--port", "8000")
    assert command[0] == sys.executable
    assert command[1].endswith("manage.py")
    assert command[2:] == ["web", "--port", "8000"]
