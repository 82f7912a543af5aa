"""HTTP by the standard library's client, within limits: how long an answer may take, and where it may lead."""
