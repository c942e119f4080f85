"""Orders kept under a name."""

from bot.telegram import parse, templates
from bot.telegram.commands import trade
from bot.telegram.commands.declare import Asked, Attachment, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.parse import TemplateVerb, TemplateWish
from bot.telegram.presses import said
from bot.telegram.render import templates as render
from bot.telegram.render.orders import refusal
from bot.telegram.screen import Button, Paper, Screen
from engine.model.actor import Role
from engine.model.command import DeleteTemplate, ImportTemplates, SaveTemplate
from engine.model.errors import InvalidInput
from engine.model.query import FindTemplate, ShowTemplates
from engine.model.result import Done, Refused
from engine.templates import text

ON_A_PAGE = 8
FILE_NAME = "genesis-templates.json"
SMALL = 3_000


async def template(asked: Asked, room: Room) -> Screen:
    """Whatever can be done with templates."""
    wish = parse.template(asked.words, room.clock.now())
    match wish.verb:
        case TemplateVerb.LIST:
            return await _list(asked, room)
        case TemplateVerb.SAVE:
            return await _save(asked, room, wish)
        case TemplateVerb.USE:
            kept = await room.desk.ask(asked.actor, FindTemplate(wish.name))
            return await trade.card(asked, room, templates.draft_of(kept))
        case TemplateVerb.DELETE:
            return await _delete(asked, room, wish.name)
        case TemplateVerb.EXPORT:
            return await _export(asked, room)
        case TemplateVerb.IMPORT:
            return await _import(asked, room)


async def _list(asked: Asked, room: Room) -> Screen:
    shown = await room.desk.ask(asked.actor, ShowTemplates())
    page = page_of(shown.templates, asked.page, ON_A_PAGE)
    if not page.total:
        return Screen(render.none_kept())
    named = [(one.name, templates.line_of(one)) for one in page.items]
    uses = [Button(f"Use {n}", said("template", f"use {n}")) for n, _ in named]
    rows = tuple(tuple(uses[i : i + 2]) for i in range(0, len(uses), 2))
    return Screen(render.listed(named, page.place), rows=rows + turning(page, "template", "list"))


async def _save(asked: Asked, room: Room, wish: TemplateWish) -> Screen:
    if wish.draft is None:
        raise InvalidInput("A template needs an order to keep.")
    kept = templates.template_of(wish.name, wish.draft)
    done = await room.desk.execute(asked.actor, SaveTemplate(kept), asked.command_id)
    return _told(done, render.saved(kept.name, templates.line_of(kept)))


async def _delete(asked: Asked, room: Room, name: str) -> Screen:
    kept = await room.desk.ask(asked.actor, FindTemplate(name))
    done = await room.desk.execute(asked.actor, DeleteTemplate(name), asked.command_id)
    return _told(done, render.deleted(kept.name, templates.line_of(kept)))


async def _export(asked: Asked, room: Room) -> Screen:
    shown = await room.desk.ask(asked.actor, ShowTemplates())
    if not shown.templates:
        return Screen(render.none_kept())
    exported = text.dumps(shown.templates)
    if len(exported) <= SMALL:
        return Screen(render.exported(exported))
    return Screen(f"{len(shown.templates)} templates", paper=Paper(FILE_NAME, exported.encode()))


async def _import(asked: Asked, room: Room) -> Screen:
    """All that the file or the text holds, or nothing."""
    typed = asked.rest.partition(asked.words[0])[2].strip()
    if asked.attachment is None and not typed:
        return Screen(render.how_to_import(), answers="template import")
    try:
        fresh = text.loads(await _words_of(asked.attachment) if asked.attachment else typed)
    except InvalidInput as error:
        return Screen(render.not_imported(error.sentence))
    before = {one.name for one in (await room.desk.ask(asked.actor, ShowTemplates())).templates}
    done = await room.desk.execute(asked.actor, ImportTemplates(fresh), asked.command_id)
    names = [one.name.lower() for one in fresh]
    return _told(done, render.imported(names, [name for name in names if name in before]))


async def _words_of(attachment: Attachment) -> str:
    if attachment.size is None or attachment.size > text.LONGEST_TEXT:
        most = f"at most {text.LONGEST_TEXT} are read"
        raise InvalidInput(f"The file has {attachment.size or 'unknown'} bytes; {most}.")
    try:
        return (await attachment.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("The file is no text. Send one that /template export gave.") from error


def _told(done: Done | Refused, said_: str) -> Screen:
    return Screen(refusal(done, "Nothing changed") if isinstance(done, Refused) else said_)


COMMANDS = (
    ChatCommand(
        name="template",
        family="Trade",
        summary="Orders kept under a name",
        usage="save NAME ORDER | list | use NAME | delete NAME | export | import",
        example="/template save dip buy tBTCUSD 0.01 limit 30000",
        role=Role.TRADER,
        handler=template,
        money=True,
    ),
)
