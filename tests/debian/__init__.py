"""linkytui on a whole Debian: as an image, as a package, under systemd. `make debian` runs these, as root."""
