"""Draws Grafana's dashboard for the documents: python docs/pictures.py

A real InfluxDB is filled by a real collector, which reads a simulated household on Tempo: six days from its history,
then what its meter says. The dashboard's own queries are asked of it, and what they answer is drawn, in both languages.
Needs Debian's package `influxdb`, and takes some minutes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from linkytui.reading.contracts import Contract  # noqa: E402
from linkytui.tic import Mode  # noqa: E402
from tests.contrib.test_grafana import collected  # noqa: E402
from tests.servers import InfluxServer  # noqa: E402


def main() -> None:
    """Fill a database, and draw it in both languages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Nothing of the person who draws it: no settings, no prices of their own.
        os.environ.update({f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")})
        (folder / "influxdb").mkdir()
        (folder / "collector").mkdir()
        server = InfluxServer(folder / "influxdb")
        server.start()
        try:
            client = collected(folder / "collector", server, Contract.TEMPO, Mode.STANDARD)
            database = client.get_list_database()
            client.close()
            held = next(each["name"] for each in database if each["name"].startswith("grafana"))
            for language in ("en", "fr"):
                place = Path(__file__).parent / "pictures" / f"grafana-{language}.svg"
                address = f"http://127.0.0.1:{server.port}"
                draw = [sys.executable, str(ROOT / "contrib" / "grafana" / "draw.py"), address, held, language]
                place.write_bytes(subprocess.run(draw, capture_output=True, check=True).stdout)  # noqa: S603
                sys.stdout.write(f"{place}\n")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
