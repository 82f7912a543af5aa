"""MQTT: the topics of teleinfo2mqtt, and Home Assistant's discovery."""
