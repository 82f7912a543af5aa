"""Callbacks: the plugin interface, its runner, InfluxDB, MQTT."""
