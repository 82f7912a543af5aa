"""InfluxDB 1.x, written as linkypy did, so that its Grafana dashboard keeps working."""
