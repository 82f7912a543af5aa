"""Where bytes come from: a serial port, a recording, a socket, the simulator."""
