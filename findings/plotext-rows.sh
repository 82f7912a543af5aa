#!/usr/bin/env bash
# plotext 5.3.2 draws plots on terminals. A guess: a bar chart twice as high takes about twice as long, as with all that
# fills cells. Seen: the time grows with the square of the rows, so that the same rows drawn as four plots, one below the
# other, take a quarter of it.
#
# Output seen (one machine): 4 times the rows take about 16 times as long
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check plotext==5.3.2
venv/bin/python - <<'PYTHON'
import time

import plotext


def seconds(rows: int) -> float:
    best = float("inf")
    for _ in range(2):
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.plotsize(120, rows)
        plotext.bar(list(range(96)), [500 + 37 * (hour % 29) for hour in range(96)])
        begun = time.process_time()
        plotext.build()
        best = min(best, time.process_time() - begun)
    return best


seconds(20)
ratio = seconds(240) / seconds(60)
print(f"4 times the rows take {ratio:.1f} times as long")
assert ratio > 6
PYTHON
