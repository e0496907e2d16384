"""Asking again: only what passes, with the waits that are asked for, and never for ever."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event

import pytest

from translator.engines.insist import Failure, Patience, insist, retry_after
from translator.engines.keys import Key
from translator.errors import EngineError
from translator.meter import Meter

QUICK = Patience(attempts=4, seconds=3.0, first=0.01, longest=0.02, jitter=0.0)


class Down(Exception):  # noqa: N818  # a vendor's
    """What a vendor raises."""

    def __init__(self, wait=None, passes=True):
        super().__init__("sk-secret")
        self.wait, self.passes = wait, passes


def judge(error):
    return Failure("the server is down", error.passes, error.wait) if isinstance(error, Down) else None


def scripted(*events):
    script = iter(events)
    asked = []

    def call():
        asked.append(time.monotonic())
        event = next(script)
        if isinstance(event, Exception):
            raise event
        return event

    return call, asked


def test_what_passes_is_asked_again_and_counted():
    call, asked = scripted(Down(), Down(), "yes")
    meter = Meter()
    assert insist(call, judge, meter, Event(), QUICK) == "yes"
    assert len(asked) == 3
    assert (meter.retried, meter.notes) == (2, {"the server is down": 2})


def test_what_does_not_pass_is_not_asked_again():
    call, asked = scripted(Down(passes=False))
    with pytest.raises(EngineError, match=r"^the server is down$"):
        insist(call, judge, Meter(), Event(), QUICK)
    assert len(asked) == 1


def test_tries_end():
    call, asked = scripted(*[Down()] * 9)
    with pytest.raises(EngineError, match="given up after 4 tries"):
        insist(call, judge, Meter(), Event(), QUICK)
    assert len(asked) == 4


def test_the_wait_that_is_asked_for_is_waited():
    call, asked = scripted(Down(wait=0.4), "yes")
    insist(call, judge, Meter(), Event(), QUICK)
    assert asked[1] - asked[0] >= 0.4


def test_a_wait_beyond_patience_is_said_and_not_waited():
    call, asked = scripted(Down(wait=3600.0))
    begun = time.monotonic()
    with pytest.raises(EngineError, match=r"asks to wait 3,600 seconds"):
        insist(call, judge, Meter(), Event(), QUICK)
    assert len(asked) == 1
    assert time.monotonic() - begun < 1


def test_a_bug_goes_on_as_it_is():
    call, _ = scripted(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        insist(call, judge, Meter(), Event(), QUICK)


def test_nothing_is_asked_once_nobody_wants_it():
    ended = Event()
    ended.set()
    call, asked = scripted("yes")
    with pytest.raises(EngineError, match="nothing more was asked"):
        insist(call, judge, Meter(), ended, QUICK)
    assert not asked


def test_a_vendors_exception_is_not_shown():
    call, _ = scripted(Down(passes=False))
    with pytest.raises(EngineError) as caught:
        insist(call, judge, Meter(), Event(), QUICK)
    assert caught.value.__suppress_context__
    assert "sk-secret" not in str(caught.value)


def test_nothing_is_logged(caplog, capsys):
    call, _ = scripted(Down(), "yes")
    insist(call, judge, Meter(), Event(), QUICK)
    assert not caplog.records
    assert capsys.readouterr() == ("", "")


HEADERS = [
    ("3", 3.0),
    ("0.5", 0.5),
    ("-1", 0.0),
    ("", None),
    (None, None),
    ("soon", None),
    ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    ("Wed, 99 Oct 2015 07:28:00 GMT", None),
]


@pytest.mark.parametrize(("header", "seconds"), HEADERS)
def test_retry_after(header, seconds):
    found = retry_after(header)
    assert found == seconds


def test_retry_after_a_date_to_come():
    soon = datetime.now(UTC) + timedelta(seconds=100)
    assert 95 < retry_after(format_datetime(soon, usegmt=True)) <= 100


def test_a_key_does_not_show_itself():
    key = Key("sk-secret")
    assert "sk-secret" not in repr(key)
    assert "sk-secret" not in repr([key])
    assert key == "sk-secret"
