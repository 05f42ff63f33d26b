"""Discord's limits of buttons, selects and modals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord_standin.errors import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discord_standin.errors import Path

ROW, BUTTON, SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
SELECTS = {SELECT, 5, 6, 7, 8}
LINK, PREMIUM = 5, 6


def check_rows(form: Form, components: object) -> None:
    """Note what is wrong with the components of a message."""
    seen: set[str] = set()
    for number, row in enumerate(form.items(("components",), components, 5)):
        path: Path = ("components", number)
        if row.get("type") != ROW:
            form.wrong((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1,).")
            continue
        inner = form.items((*path, "components"), row.get("components"), 5, fewest=1)
        if len(inner) > 1 and any(item.get("type") in SELECTS for item in inner):
            form.wrong(
                path,
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
        for place, item in enumerate(inner):
            at = (*path, "components", place)
            _check_item(form, at, item)
            custom_id = item.get("custom_id")
            if custom_id in seen:
                message = "Component custom id cannot be duplicated"
                form.wrong((*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            if custom_id is not None:
                seen.add(custom_id)


def _check_item(form: Form, path: Path, item: Mapping[str, Any]) -> None:
    form.choice((*path, "type"), item.get("type"), (BUTTON, *SELECTS))
    if item.get("type") == BUTTON:
        _check_button(form, path, item)
    else:
        _check_select(form, path, item)


def _check_button(form: Form, path: Path, button: Mapping[str, Any]) -> None:
    form.choice((*path, "style"), button.get("style"), (1, 2, 3, 4, LINK, PREMIUM))
    form.text((*path, "label"), button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        message = "A button must have either a label or an emoji"
        form.wrong(path, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", message)
    if button.get("style") == LINK:
        form.text((*path, "url"), button.get("url"), 512, required=True)
        if not str(button.get("url")).startswith(("http://", "https://", "discord://")):
            form.wrong(
                (*path, "url"),
                "URL_TYPE_INVALID_SCHEME",
                "Scheme must be one of (http, https, discord).",
            )
        if button.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            form.wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    else:
        form.text((*path, "custom_id"), button.get("custom_id"), 100, required=True)


def _check_select(form: Form, path: Path, select: Mapping[str, Any]) -> None:
    form.text((*path, "custom_id"), select.get("custom_id"), 100, required=True)
    form.text((*path, "placeholder"), select.get("placeholder"), 150)
    if select.get("type") != SELECT:
        return
    options = form.items((*path, "options"), select.get("options"), 25, fewest=1)
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        message = "The specified option value is already used"
        form.wrong((*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
    for number, option in enumerate(options):
        at = (*path, "options", number)
        form.text((*at, "label"), option.get("label"), 100, required=True)
        form.text((*at, "value"), option.get("value"), 100, required=True)
        form.text((*at, "description"), option.get("description"), 100)


def check_modal(modal: Mapping[str, Any]) -> None:
    """Refuse a modal that Discord would refuse.

    Raises:
        ApiError: 50035 with the fields at fault.
    """
    form = Form()
    form.text(("data", "custom_id"), modal.get("custom_id"), 100, required=True)
    form.text(("data", "title"), modal.get("title"), 45, required=True)
    path: Path = ("data", "components")
    for number, row in enumerate(form.items(path, modal.get("components"), 5, fewest=1)):
        if row.get("type") == LABEL:
            form.text((*path, number, "label"), row.get("label"), 45, required=True)
            form.text((*path, number, "description"), row.get("description"), 100)
    for at, item, labelled in text_inputs(modal):
        form.choice((*at, "style"), item.get("style"), (1, 2))
        form.text((*at, "custom_id"), item.get("custom_id"), 100, required=True)
        form.text((*at, "label"), item.get("label"), 45, required=not labelled)
        form.text((*at, "placeholder"), item.get("placeholder"), 100)
        form.text((*at, "value"), item.get("value"), item.get("max_length") or 4000)
        if not 0 <= (item.get("min_length") or 0) <= (item.get("max_length") or 4000) <= 4000:
            form.wrong((*at, "max_length"), "NUMBER_TYPE_MAX", "int value should be at most 4000.")
    form.done()


def text_inputs(modal: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any], bool]]:
    """Yield the text inputs of a modal: where, what, and whether a label stands around it."""
    for number, row in enumerate(modal.get("components") or []):
        path: Path = ("data", "components", number)
        if row.get("type") == LABEL:
            yield (*path, "component"), row["component"], True
        else:
            for place, item in enumerate(row.get("components") or []):
                yield (*path, "components", place), item, False


def labels(components: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the buttons of a message by what is written on them."""
    items = [item for row in components for item in row["components"]]
    return {
        item.get("label") or item["emoji"]["name"]: item for item in items if item["type"] == BUTTON
    }
