"""What the meter says, for other programs: the plugin interface, its runner, InfluxDB, MQTT."""
