"""The line between the wire and a frame: where bytes come from, how the line fares, who else reads it."""
