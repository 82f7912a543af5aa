"""`python -m linkytui`."""

from linkytui.cli import main

main()
