"""Discord's rules for application commands: what may be registered, and what users may send."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from discord_standin.errors import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discord_standin.errors import Path

SLASH, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE = 1, 2, 3, 4, 5, 6, 7, 8
NUMBER, ATTACHMENT = 10, 11
NAME = re.compile(r"[-_'\w]{1,32}")
LOCALES = re.compile(
    "id|da|de|en-GB|en-US|es-ES|es-419|fr|hr|it|lt|hu|nl|no|pl|pt-BR|ro|fi|sv-SE|vi|tr|cs|el|bg|ru"
    "|uk|hi|th|zh-CN|ja|zh-TW|ko"
)


def check_commands(commands: object) -> None:
    """Refuse a list of commands that Discord would refuse.

    Raises:
        ApiError: 50035 with the fields at fault.
    """
    form = Form()
    entries = form.items((), commands, 130)
    for kind, most in ((SLASH, 100), (USER, 5), (MESSAGE, 5)):
        names = [c.get("name") for c in entries if c.get("type", SLASH) == kind]
        if len(names) > most:
            form.wrong(
                (), "MAX_APPLICATION_COMMANDS", f"Maximum number of commands reached ({most})"
            )
        if len(set(names)) < len(names):
            message = "Application command names must be unique"
            form.wrong((), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
    for number, command in enumerate(entries):
        _check_command(form, (number,), command)
    form.done()


def _check_command(form: Form, path: Path, command: Mapping[str, Any]) -> None:
    kind = command.get("type", SLASH)
    form.choice((*path, "type"), kind, (SLASH, USER, MESSAGE))
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        form.wrong((*path, "default_member_permissions"), "BASE_TYPE_BAD_TYPE", "Not permissions")
    for context in command.get("contexts") or []:
        form.choice((*path, "contexts"), context, (0, 1, 2))
    if kind == SLASH:
        _check_named(form, path, command)
        _check_options(form, (*path, "options"), command.get("options"))
        if sum(map(len, _counted(command))) > 8000:
            message = "Command exceeds maximum size (8000)"
            form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        form.text((*path, "name"), command.get("name"), 32, required=True)
        if command.get("description") or command.get("options"):
            message = "Context menu commands cannot have description or options"
            form.wrong(path, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)


def _check_named(form: Form, path: Path, item: Mapping[str, Any]) -> None:
    names = {(): item.get("name"), **_localised(form, path, item, "name")}
    for at, name in names.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            message = "Command name is invalid"
            form.wrong((*path, "name", *at), "APPLICATION_COMMAND_INVALID_NAME", message)
    texts = {(): item.get("description"), **_localised(form, path, item, "description")}
    for at, text in texts.items():
        form.text((*path, "description", *at), text, 100, required=True)


def _localised(
    form: Form, path: Path, item: Mapping[str, Any], key: str
) -> dict[tuple[str, ...], str]:
    found = item.get(f"{key}_localizations") or {}
    for locale in (name for name in found if not LOCALES.fullmatch(name)):
        form.wrong((*path, f"{key}_localizations"), "BASE_TYPE_CHOICES", f"No locale: {locale}")
    return {(locale,): text for locale, text in found.items()}


def _check_options(form: Form, path: Path, options: object) -> None:
    optional_seen = False
    names = set()
    for number, option in enumerate(form.items(path, options, 25)):
        at = (*path, number)
        _check_named(form, at, option)
        form.choice((*at, "type"), option.get("type"), tuple(range(1, 12)))
        if option.get("name") in names:
            form.wrong(
                at, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique"
            )
        names.add(option.get("name"))
        if option.get("type") in {SUBCOMMAND, GROUP}:
            _check_options(form, (*at, "options"), option.get("options"))
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            form.wrong(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        _check_value_rules(form, at, option)


def _check_value_rules(form: Form, path: Path, option: Mapping[str, Any]) -> None:
    choices = form.items((*path, "choices"), option.get("choices"), 25)
    check_choices(form, (*path, "choices"), choices, option["type"])
    if option.get("autocomplete") and choices:
        message = "Autocomplete options cannot have choices"
        form.wrong(path, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", message)
    if option.get("autocomplete") and option["type"] not in {STRING, INTEGER, NUMBER}:
        form.wrong((*path, "autocomplete"), "BASE_TYPE_BAD_TYPE", "Invalid type for autocomplete")
    for key, least in (("min_length", 0), ("max_length", 1)):
        if (value := option.get(key)) is not None and not least <= value <= 6000:
            form.wrong((*path, key), "NUMBER_TYPE_MAX", "int value should be at most 6000.")


def check_choices(form: Form, path: Path, choices: list[Any], kind: int) -> None:
    """Note what is wrong with the choices of an option or of an autocompletion."""
    for number, choice in enumerate(choices):
        form.text((*path, number, "name"), choice.get("name"), 100, required=True)
        if kind == STRING:
            form.text((*path, number, "value"), choice.get("value"), 100, required=True)
        elif not isinstance(choice.get("value"), int | float):
            form.wrong((*path, number, "value"), "BASE_TYPE_BAD_TYPE", "Not a number")


def _counted(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that count against a command's 8,000 characters."""
    yield item.get("name") or ""
    yield item.get("description") or ""
    for choice in item.get("choices") or []:
        yield choice["name"]
        yield str(choice["value"])
    for option in item.get("options") or []:
        yield from _counted(option)


def fill_options(
    command: Mapping[str, Any], values: Mapping[str, object], focused: str = ""
) -> list[dict[str, Any]]:
    """Return the options of an interaction as Discord's client sends them.

    ``values`` are by name; a subcommand is named by the key "_" (and its group before a space).

    Raises:
        AssertionError: when a user could not send this.
    """
    values = dict(values)
    options = command.get("options") or []
    wrapped: list[Mapping[str, Any]] = []
    for name in str(values.pop("_", "")).split():
        inner = next(o for o in options if o["name"] == name and o["type"] in {SUBCOMMAND, GROUP})
        wrapped.append(inner)
        options = inner.get("options") or []
    known = {option["name"]: option for option in options}
    assert set(values) <= set(known), f"/{command['name']} has no {set(values) - set(known)}"
    if not focused:
        missing = {name for name, o in known.items() if o.get("required")} - set(values)
        assert not missing, f"/{command['name']} requires {missing}"
    filled = [_fill(known[name], value, name == focused) for name, value in values.items()]
    for outer in reversed(wrapped):
        filled = [{"name": outer["name"], "type": outer["type"], "options": filled}]
    return filled


def _fill(option: Mapping[str, Any], value: object, focused: bool) -> dict[str, Any]:
    kinds = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}
    if option["type"] in kinds:
        assert isinstance(value, kinds[option["type"]]), f"{option['name']} cannot be {value!r}"  # type: ignore[arg-type]
    else:
        value = str(value)
    if isinstance(value, str) and option["type"] == STRING:
        longest = option.get("max_length") or 6000
        assert len(value) <= longest, f"{option['name']}: the client lets nobody write {len(value)}"
        choices = option.get("choices")
        assert not choices or value in {c["value"] for c in choices}, f"not a choice: {value!r}"
    filled = {"name": option["name"], "type": option["type"], "value": value}
    return {**filled, "focused": True} if focused else filled
