#!/usr/bin/env bash
# influxdb 5.3.2 (the Python client) with Debian's InfluxDB 1.6.7. The client leaves out fields that are None. A guess: a
# point of which every field is None is left out, too. Seen: it is sent as a line without fields; the server answers 400
# "partial write: unable to parse … invalid field format dropped=0" and has taken the other points of the batch. So a
# batch that raises is written, "dropped=0" has lost a line, and who sends the batch again never gets through.
#
# Output seen:
#   the line: 'power 1700000000'
#   400: partial write, dropped=0
#   in the database: [1, 3]
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check influxdb==5.3.2
apt-get download influxdb=1.6.7~rc0-1+b13 >/dev/null
dpkg-deb -x influxdb_*.deb debian
cat >influxdb.conf <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:18088"
[meta]
dir = "$folder/meta"
[data]
dir = "$folder/data"
wal-dir = "$folder/wal"
[http]
bind-address = "127.0.0.1:18086"
CONF
debian/usr/bin/influxd -config influxdb.conf 2>log &
server=$!
venv/bin/python - <<'PYTHON'
import time

import requests
from influxdb import InfluxDBClient
from influxdb.exceptions import InfluxDBClientError
from influxdb.line_protocol import make_lines

client = InfluxDBClient("127.0.0.1", 18086, database="home")
for _ in range(200):
    try:
        client.ping()
        break
    except requests.ConnectionError:
        time.sleep(0.1)
client.create_database("home")
points = [
    {"measurement": "power", "fields": {"VA": 1}, "time": 1_699_999_999},
    {"measurement": "power", "fields": {"VA": None}, "time": 1_700_000_000},
    {"measurement": "power", "fields": {"VA": 3}, "time": 1_700_000_001},
]
line = make_lines({"points": [points[1]]}).strip()
print(f"the line: {line!r}")
assert line == "power 1700000000"
try:
    client.write_points(points, time_precision="s")
    said = "nothing"
except InfluxDBClientError as error:
    text = str(error)
    said = f"{error.code}: partial write, {text[text.index('dropped'):].strip(chr(34) + '}')}" if "partial write" in text else text
print(said)
assert said == "400: partial write, dropped=0"
found = [point["VA"] for point in client.query("SELECT VA FROM power").get_points()]
print(f"in the database: {found}")
assert found == [1, 3]
PYTHON
