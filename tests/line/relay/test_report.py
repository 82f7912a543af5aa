"""The line of JSON that other programs read: its keys stay, whatever the classes behind them are called."""

import json

from linkytui.line.relay.report import (
    BacklogReport,
    CallbackState,
    CostReport,
    Delivery,
    LinkReport,
    Publication,
    ReadingReport,
    Report,
    from_line,
    to_line,
)

REPORT = Report(
    kind="collector",
    pid=712,
    history="/var/lib/linkytui",
    settings="/etc/linkytui/config.toml",
    link=LinkReport(
        state="live",
        source="/dev/ttyUSB0",
        detail="quiet",
        mode="standard",
        baudrate=9600,
        frames=9,
        accepted=300,
        rejected=2,
        last_frame_at=1.5,
    ),
    reading=ReadingReport(at=1.5, power=460, period="HP", contract="HC", registers={"EAST": 7}, subscribed=6.0),
    history_trouble="The disk is full",
    troubles=("The disk is full",),
    callbacks=(
        CallbackState(
            name="influxdb",
            status="running",
            busy_for=0.5,
            paused_for=2.0,
            delivered=8,
            dropped=1,
            failures=3,
            last_at=1.5,
            last_error="no",
            last_error_at=1.0,
            note="stands in",
            delivery=Delivery(
                connected=True,
                waiting=4,
                oldest_at=0.5,
                sent=5,
                too_old=6,
                error="refused",
                error_at=0.25,
                refused="never",
                remarks=("no policy",),
                unreadable="locked",
            ),
        ),
        CallbackState(name="mqtt", status="running", publication=Publication(connected=True, frames=8, error="gone")),
        CallbackState(name="Mine", status="off"),
    ),
    backlog=BacklogReport(samples=4, oldest_at=0.5),
    cost=CostReport(month_eur=42.1, estimate_eur=None),
)

LINE = {
    "kind": "collector",
    "pid": 712,
    "history": "/var/lib/linkytui",
    "settings": "/etc/linkytui/config.toml",
    "link": {
        "state": "live",
        "source": "/dev/ttyUSB0",
        "detail": "quiet",
        "mode": "standard",
        "baudrate": 9600,
        "frames": 9,
        "accepted": 300,
        "rejected": 2,
        "last_frame_at": 1.5,
    },
    "reading": {"at": 1.5, "power": 460, "period": "HP", "contract": "HC", "registers": {"EAST": 7}, "subscribed": 6.0},
    "history_trouble": "The disk is full",
    "troubles": ["The disk is full"],
    "callbacks": [
        {
            "name": "influxdb",
            "status": "running",
            "busy_for": 0.5,
            "paused_for": 2.0,
            "delivered": 8,
            "dropped": 1,
            "failures": 3,
            "last_at": 1.5,
            "last_error": "no",
            "last_error_at": 1.0,
            "note": "stands in",
            "delivery": {
                "connected": True,
                "waiting": 4,
                "oldest_at": 0.5,
                "sent": 5,
                "too_old": 6,
                "error": "refused",
                "error_at": 0.25,
                "refused": "never",
                "remarks": ["no policy"],
                "unreadable": "locked",
            },
        },
        {"name": "mqtt", "status": "running", "publication": {"connected": True, "frames": 8, "error": "gone"}},
        {"name": "Mine", "status": "off"},
    ],
    "backlog": {"samples": 4, "oldest_at": 0.5},
    "cost": {"month_eur": 42.1, "estimate_eur": None},
}


def test_every_key_of_the_line_is_as_it_always_was() -> None:
    assert json.loads(to_line(REPORT)) == LINE


def test_a_line_is_read_as_what_was_written() -> None:
    assert from_line(to_line(REPORT)) == REPORT
