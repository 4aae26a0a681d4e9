import json
import subprocess
import sys

LIMITED = """
import sys
from workflow.conclusions import parsing
parsing._limit()
sys.addaudithook(parsing._guard)
{act}
"""


def limited(act: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", LIMITED.format(act=act)], capture_output=True, check=False)


def test_the_child_that_opens_files_cannot_reach_the_network() -> None:
    assert b"PermissionError" in limited("import socket; socket.create_connection(('127.0.0.1', 9))").stderr


def test_the_child_cannot_start_another_program() -> None:
    assert b"PermissionError" in limited("import os; os.system('true')").stderr


def test_the_child_runs_out_of_memory_before_the_server_does() -> None:
    assert b"MemoryError" in limited("bytearray(600 * 1024 * 1024)").stderr


def test_the_child_answers_a_refusal_instead_of_a_trace() -> None:
    command = [sys.executable, "-m", "workflow.conclusions.parsing", "docx"]
    child = subprocess.run(command, input=b"PK\x03\x04", capture_output=True, check=True)
    assert json.loads(child.stdout) == {"refused": "damaged"}
