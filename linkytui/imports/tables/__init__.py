"""Tables of consumption as older records: what Enedis, suppliers and other programs let people download."""
