"""The link line: whether the values can be trusted, how old they are, and which callback fails."""

from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, ngettext, number
from linkytui.link import Link, LinkState
from linkytui.tui.glyphs import ASCII, glyphs
from linkytui.tui.widgets.lines import Lines, clickable, sides
from linkytui.wording.terms import duration, mode_name, state_name

_FEW_WORDS: Final = 16  # cells below which words say nothing

_MARGIN: Final = 1  # cells at the right end that stay free


class LinkLine(Lines):
    """State in words, age of the last frame, frames, share of rejected groups, failing callbacks, port and mode."""

    link: var[Link] = var(Link())
    now: var[float] = var(0.0)  # seconds since 1970
    troubled: var[tuple[str, ...]] = var(())  # the callbacks that do not do what they should
    trouble_words: var[str] = var("")  # what is wrong with the first of them

    def watch_link(self, link: Link) -> None:
        self.set_class(link.state is LinkState.LIVE, "-live")
        self.set_class(link.state.down, "-down")
        self.update()

    watch_now = watch_troubled = watch_trouble_words = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        link = self.link
        if link.state is LinkState.LIVE:
            sign, style = glyphs().live, "$success"
        elif link.state.down:
            sign, style = glyphs().down, "$error"
        else:
            sign, style = glyphs().old, "$warning"
        age, rejected = "", ""
        if link.last_frame_at is not None and link.state is not LinkState.ENDED:
            age = _("{age} ago").format(age=duration(self.now - link.last_frame_at))
        if link.error_rate is not None:
            rejected = _("{rate} % rejected").format(rate=rate_text(link.error_rate))
        frames = ngettext("{n} frame", "{n} frames", link.frames).format(n=number(link.frames))
        alarm = self._alarm()
        state = Content.styled(f" {sign} {state_name(link)}", f"bold {style}")
        left = self._left(state, (age, frames, rejected), width - _MARGIN - alarm.cell_length)
        told_why = self._alarm(width - left.cell_length - _MARGIN)
        if told_why.cell_length > alarm.cell_length:
            return [sides(left, told_why, width)]
        mode = mode_name(link.mode) if link.mode else ""
        for facts in ((link.source, mode), (link.source,), (mode,), ()):
            right = alarm + Content.styled(glyphs().dot.join(fact for fact in facts if fact) + " ", "$quiet")
            if left.cell_length + right.cell_length < width:
                break
        return [sides(left, right, width)]

    def _left(self, state: Content, parts: tuple[str, str, str], room: int) -> Content:
        """State, age, frames and share of rejected groups, as far as there is room beside what is wrong elsewhere."""
        age, frames, rejected = parts
        # A phone has no room for all of it; the count of frames tells least, less than why a callback fails.
        words = _FEW_WORDS + len(": ") if self.trouble_words else 0
        choices = [((age, frames, rejected), words), ((age, rejected), words), ((age, frames, rejected), 0)]
        left = state
        for said, wanted in (*choices, ((age, rejected), 0), ((age,), 0)):
            told = "".join(glyphs().dot + part for part in said if part)
            left = state + Content.styled(told, "$quiet")
            if left.cell_length + wanted < room:
                break
        return left

    def _alarm(self, room: int = 0) -> Content:
        """Which callback fails, why, as far as there is room, and the key of the screen that says more; nothing while
        none does.
        """
        if not self.troubled:
            return Content("")
        first, *others = self.troubled
        name = f"{first} +{len(others)}" if others else first
        sign = glyphs().alarm
        words = ""
        left = room - cell_len(f"{sign} {name}:  (c) ")
        if self.trouble_words and left >= _FEW_WORDS:
            words = f": {_cut(self.trouble_words, left)}"
        return clickable(Content.styled(f"{sign} {name}{words} (c) ", "bold $warning"), "app.callbacks")


def _cut(text: str, room: int) -> str:
    """The beginning of a text, in so many cells."""
    if cell_len(text) <= room:
        return text
    more = "..." if glyphs() is ASCII else "…"
    return set_cell_size(text, room - cell_len(more)).rstrip() + more


def rate_text(rate: float) -> str:
    """A share in per cent, with as many decimals as it takes to tell it from none."""
    percent = rate * 100
    return number(percent, 0 if percent == 0 or percent >= 10 else 1 if percent >= 1 else 2)
