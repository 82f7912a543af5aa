"""InfluxDB 1.x, as linkypy filled it, so that its Grafana dashboard goes on working."""
