"""A form that was refused comes back as it was sent: every word in its field, and at the faulty one what is wrong.

Templates show what is stored, as on the first look; this puts the sent words over it. When somebody else saved
meanwhile, each field that differs says beside the own words what they saved.
"""

from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from web.field_names import in_words
from web.form import Form
from web.look import Look
from workflow.errors import ChangedMeanwhile, WorkflowError

KEPT_BACK = {"password", "file", "hidden", "submit", "button"}
BOXES = {"checkbox", "radio"}
OWN_KEYS = {"form_key", "form_word", "once", "version", "seen"}
WAY = "<!-- way to the field -->"
Edit = tuple[int, int, str]


@dataclass
class Control:
    """`details`: the folded parts it stands in, which open when it is faulty; `inner`: where its content stands."""

    tag: str
    attrs: dict[str, str | None]
    span: tuple[int, int]
    details: list["Control"]
    inner: tuple[int, int] | None = None
    options: list["Control"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attrs.get("name") or ""

    @property
    def type(self) -> str:
        return (self.attrs.get("type") or "text") if self.tag == "input" else self.tag

    def value(self, page: str) -> str:
        if self.tag in ("textarea", "option") and "value" not in self.attrs and self.inner:
            return unescape(page[slice(*self.inner)])
        if self.tag == "select":
            chosen = [one for one in self.options if "selected" in one.attrs] or self.options[:1]
            return chosen[0].value(page) if chosen else ""
        return self.attrs.get("value") or ""


@dataclass
class Found:
    """One form that is posted."""

    action: str
    controls: list[Control] = field(default_factory=list)

    def fits(self, path: str, form: Form) -> bool:
        """The one that was sent: its address, its hidden words, its button, and no field it does not have."""
        named = {one.name for one in self.controls}
        said = {name for name, values in form.values.items() if any(values)} - OWN_KEYS
        return (
            unquote(self.action.partition("?")[0]) in ("", path) and said <= named and self._has_words(form)
        )

    def _has_words(self, form: Form) -> bool:
        buttons: dict[str, set[str]] = {}
        for one in self.controls:
            if one.tag == "button" and one.name:
                buttons.setdefault(one.name, set()).add(one.attrs.get("value") or "")
        hidden = [one for one in self.controls if one.type == "hidden" and one.name not in OWN_KEYS]
        return all(
            (one.attrs.get("value") or "") in form.values.get(one.name, [""]) for one in hidden
        ) and all(form.text(name) in words for name, words in buttons.items())


class Reader(HTMLParser):
    """Where the forms of a page stand, and what is in them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [0]
        for line in page.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.forms: list[Found] = []
        self.open: Found | None = None
        self.details: list[Control] = []
        self.filling: list[Control] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        span = (start, start + len(self.get_starttag_text() or ""))
        one = Control(tag, dict(attrs), span, list(self.details))
        if tag == "details":
            self.details.append(one)
        elif tag == "form" and one.attrs.get("method") == "post":
            self.open = Found(one.attrs.get("action") or "")
            self.forms.append(self.open)
        elif self.open is not None:
            self._take(tag, one)

    def _take(self, tag: str, one: Control) -> None:
        if tag in ("input", "textarea", "select", "button"):
            self.open.controls.append(one)  # type: ignore[union-attr]
        if tag == "option" and self.filling:
            self.filling[-1].options.append(one)
        if tag in ("textarea", "select", "option"):
            self.filling.append(one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self.details:
            self.details.pop()
        elif tag == "form":
            self.open = None
        elif self.filling and self.filling[-1].tag == tag:
            done = self.filling.pop()
            done.inner = (done.span[1], self._here())

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column


def filled(page: str, path: str, form: Form, refusal: WorkflowError, look: Look) -> str:
    """The page with the sent form filled in; as it is when the form does not stand on it."""
    sent = next((one for one in Reader(page).forms if one.fits(unquote(path), form)), None)
    if sent is None:
        return page
    faulty = _faulty(sent, form, refusal)
    edits: list[Edit] = []
    way = page.find(WAY)
    if faulty is not None and way > 0 and faulty.type not in BOXES:
        said = look.say("Đến chỗ cần sửa", "Go to the field")
        edits.append((way, way + len(WAY), f' <a href="#{_id(faulty)}">{said}</a>'))
    seen: dict[str, int] = {}
    for one in sent.controls:
        number = seen[one.name] = seen.get(one.name, -1) + 1
        typed = form.values.get(one.name, [])
        marks = _marks(one) if one is faulty else {}
        if one.type not in KEPT_BACK and one.tag != "button":
            edits += _put(page, one, typed, number, marks)
            edits += _beside(page, one, typed, number, refusal, look)
        elif marks:
            edits.append(_retagged(one, marks))
        if marks:
            edits += _told(one, refusal, look)
    return _edited(page, edits)


def _faulty(sent: Found, form: Form, refusal: WorkflowError) -> Control | None:
    """By the name the refusal gives, else the field that holds the very words it speaks of."""
    named = refusal.facts.get("at", refusal.facts.get("field"))
    wanted = {named, f"{form.text('move')}.{named}"} if isinstance(named, str) else set()
    fields = [one for one in sent.controls if one.tag != "button" and one.type != "hidden"]
    by_name = next((one for one in fields if one.name in wanted), None)
    if by_name is not None or wanted:
        return by_name
    words = {str(refusal.facts[name]) for name in ("value", "code", "email") if refusal.facts.get(name)}
    return next((one for one in fields if form.text(one.name) in words), None)


def _put(page: str, one: Control, typed: list[str], number: int, marks: dict[str, str]) -> list[Edit]:
    if one.type in BOXES:
        return [_retagged(one, marks, checked=(one.attrs.get("value") or "on") in typed)]
    value = typed[number] if number < len(typed) else ""
    if one.tag == "input":
        return [_retagged(one, {**marks, "value": value})]
    edits = [_retagged(one, marks)] if marks else []
    if one.tag == "textarea" and one.inner:
        edits.append((*one.inner, _typed(value)))
    if one.tag == "select" and value in {option.value(page) for option in one.options}:
        edits += [_retagged(option, {}, selected=option.value(page) == value) for option in one.options]
    return edits


def _typed(value: str) -> str:
    """The first line break after the tag is the tag's own, so one that was typed needs another."""
    return ("\n" if value.startswith(("\r", "\n")) else "") + escape(value, quote=False)


def _marks(one: Control) -> dict[str, str]:
    told = f"{_id(one)}-told" if one.type not in BOXES else "refusal"
    described = [word for word in (one.attrs.get("aria-describedby") or "").split() if word != "refusal"]
    return {"aria-invalid": "true", "aria-describedby": " ".join([*described, told])}


def _told(one: Control, refusal: WorkflowError, look: Look) -> list[Edit]:
    """What is wrong, right above the field; the folded part it stands in is opened."""
    why = refusal.facts.get("why")
    sentence = look.pick(why) if isinstance(why, dict) else in_words(refusal, look.locale)
    opened = [_retagged(part, {}, open=True) for part in one.details]
    if one.type in BOXES:
        return opened
    place = one.span[0]
    return [
        *opened,
        (place, place, f'<span class="hint late-t" id="{_id(one)}-told">{escape(sentence)}</span>'),
    ]


def _beside(
    page: str, one: Control, typed: list[str], number: int, refusal: WorkflowError, look: Look
) -> list[Edit]:
    theirs, mine = one.value(page), typed[number] if number < len(typed) else ""
    if not isinstance(refusal, ChangedMeanwhile) or one.type in BOXES or _same(theirs, mine):
        return []
    said = look.say("Người khác vừa ghi: “{words}”", "Somebody else saved: “{words}”", words=theirs or "-")
    place = one.span[0]
    opened = [_retagged(part, {}, open=True) for part in one.details]
    return [*opened, (place, place, f'<span class="hint theirs">{escape(said)}</span>')]


def _same(theirs: str, mine: str) -> bool:
    return theirs.replace("\r\n", "\n").strip() == mine.replace("\r\n", "\n").strip()


def _id(one: Control) -> str:
    return escape(one.attrs.get("id") or one.name)


def _retagged(one: Control, words: dict[str, str], **flags: bool) -> Edit:
    attrs: dict[str, str | None] = {name: value for name, value in one.attrs.items() if name not in flags}
    attrs |= words | {name: None for name, is_on in flags.items() if is_on}
    said = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs.items()
    )
    return (*one.span, f"<{one.tag}{said}>")


def _edited(page: str, edits: list[Edit]) -> str:
    """From the end, so that no edit moves the place of another; the same place is edited once."""
    for start, end, words in sorted(set(edits), reverse=True):
        page = page[:start] + words + page[end:]
    return page
