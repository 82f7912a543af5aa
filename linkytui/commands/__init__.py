"""The commands, one file each; `cli.COMMANDS` lists them and imports one only when it runs."""
