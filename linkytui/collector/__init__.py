"""What goes on without a screen: reading, history, callbacks, alerts and relay, as a service or beside a screen."""
