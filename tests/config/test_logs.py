"""A log line is JSON and quotes nobody's data."""

import json
import logging
import sys

from config.logs import JsonLines


def record(**changes) -> logging.LogRecord:
    made = logging.LogRecord("petitions", logging.ERROR, __file__, 1, "failed on %s", ("/petitions/",), changes.get("exc_info"))
    made.status_code = 500
    return made


def test_a_line_is_one_json_object() -> None:
    line = JsonLines().format(record())
    assert "\n" not in line
    assert json.loads(line) | {"at": ""} == {"at": "", "level": "ERROR", "logger": "petitions", "message": "failed on /petitions/", "status": 500}


def test_an_error_is_its_class_and_frames_without_its_words() -> None:
    try:
        raise ValueError("Key (id_number)=(370685190001011234) already exists")
    except ValueError:
        line = JsonLines().format(record(exc_info=sys.exc_info()))
    assert "370685190001011234" not in line
    assert json.loads(line)["error"] == "builtins.ValueError"
    assert "test_logs.py" in json.loads(line)["frames"][0]
