#!/usr/bin/env bash
# Debian's VictoriaMetrics 1.79.5 takes InfluxDB's line protocol and calls itself InfluxDB 1.8.0 in its answers. A guess:
# it answers InfluxQL, or says that it cannot. Seen with influxdb 5.3.2 (the Python client): each statement, even a word
# that is none, is answered by 200 and one row, the database "_internal". So a query for the last value finds a row
# without a time, dropping a database succeeds and leaves its samples, and only /ping, which any check of a connection
# begins with, lacks the header that the client reads there: it raises KeyError from a server that is well.
#
# Output seen:
#   ping: KeyError 'x-influxdb-version'
#   SHOW DATABASES: [{'name': '_internal'}]
#   SELECT last(VA) FROM power: [{'name': '_internal'}]
#   hello: [{'name': '_internal'}]
#   after dropping the database: 1 sample
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check influxdb==5.3.2
apt-get download victoria-metrics=1.79.5+ds1-2+b5 >/dev/null
dpkg-deb -x victoria-metrics_*.deb debian
debian/usr/bin/victoria-metrics -storageDataPath=data -httpListenAddr=127.0.0.1:18428 2>log &
server=$!
venv/bin/python - <<'PYTHON'
import time

import requests
from influxdb import InfluxDBClient

address = "http://127.0.0.1:18428"
client = InfluxDBClient("127.0.0.1", 18428, database="home")
for _ in range(200):
    try:
        requests.get(f"{address}/health", timeout=1)
        break
    except requests.ConnectionError:
        time.sleep(0.1)
try:
    said = client.ping()
except KeyError as error:
    said = f"KeyError {error}"
print(f"ping: {said}")
assert said == "KeyError 'x-influxdb-version'"
client.create_database("home")
client.write_points([{"measurement": "power", "fields": {"VA": 230}, "time": int(time.time()) - 60}], time_precision="s")
for query in ("SHOW DATABASES", "SELECT last(VA) FROM power", "hello"):
    rows = list(client.query(query).get_points())
    print(f"{query}: {rows}")
    assert rows == [{"name": "_internal"}]
client.drop_database("home")
requests.get(f"{address}/internal/force_flush", timeout=5)
lines = requests.get(f"{address}/api/v1/export", params={"match[]": "power_VA"}, timeout=5).text.splitlines()
print(f"after dropping the database: {len(lines)} sample")
assert len(lines) == 1
PYTHON
