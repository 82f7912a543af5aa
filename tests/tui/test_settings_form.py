"""What the settings screen shows, without the screen."""

from linkytui.i18n import use_language
from linkytui.settings.fields import fields
from linkytui.tui.settings_form import section_name


def test_each_section_has_a_name_of_its_own() -> None:
    sections = dict.fromkeys(key.rpartition(".")[0] for key in fields())
    for language in ("en", "fr"):
        use_language(language)
        names = [section_name(section) for section in sections]
        assert len(set(names)) == len(sections)
        assert not any(name.strip() in ("", "Callback") for name in names)
