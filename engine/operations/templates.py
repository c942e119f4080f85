"""Orders kept under a name."""

import difflib
from collections.abc import Sequence
from dataclasses import replace

from engine.floor import Floor
from engine.model.errors import DuplicateCommand, InvalidInput
from engine.model.event import Event, TemplateDeleted, TemplateSaved
from engine.model.result import Done, Reason, Refused, Templates
from engine.model.template import OrderTemplate
from engine.model.use_cases import Errand
from engine.operations.refusing import DECIDED_BEFORE, refusal, refuse
from engine.templates.checks import misfits

MOST_TEMPLATES = 100


class TemplateOperations:
    """Names are lower case, however they are typed; whoever may trade may use and change all."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def save(self, errand: Errand, template: OrderTemplate) -> Done | Refused:
        """Keep one, instead of any that had its name."""
        return await self._keep(errand, (template,))

    async def take_in(self, errand: Errand, templates: tuple[OrderTemplate, ...]) -> Done | Refused:
        """Keep all of these or, if anything speaks against one of them, none."""
        return await self._keep(errand, templates)

    async def delete(self, errand: Errand, name: str) -> Done | Refused:
        """Keep one no longer."""
        wanted = name.strip().lower()
        now, who = self._floor.clock.now(), errand.actor.actor_id
        if wanted not in self._floor.book.templates:
            return await self._unknown(errand, wanted)
        gone = TemplateDeleted(at=now, actor_id=who, name=wanted)
        return await self._record(errand, [gone], done=self._is_gone(wanted))

    async def show(self) -> Templates:
        """All, by name."""
        kept = self._floor.book.templates
        return Templates(tuple(kept[name] for name in sorted(kept)))

    async def find(self, name: str) -> OrderTemplate:
        """One by its name; `InvalidInput` names the nearest."""
        wanted = name.strip().lower()
        found = self._floor.book.templates.get(wanted)
        if found is None:
            raise InvalidInput(self._no_such(wanted))
        return found

    async def _keep(self, errand: Errand, templates: Sequence[OrderTemplate]) -> Done | Refused:
        kept = [replace(template, name=template.name.lower()) for template in templates]
        against = _objections(kept)
        book = self._floor.book.templates
        if not against and len(book.keys() | {t.name for t in kept}) > MOST_TEMPLATES:
            against = [_too_many()]
        if against:
            return Refused(tuple(against))
        now, who = self._floor.clock.now(), errand.actor.actor_id
        saved = [TemplateSaved(at=now, actor_id=who, template=template) for template in kept]
        return await self._record(errand, saved, done=all(book.get(t.name) == t for t in kept))

    async def _record(
        self, errand: Errand, events: Sequence[Event], *, done: bool
    ) -> Done | Refused:
        try:
            await self._floor.record(events, claim=errand.command_id)
        except DuplicateCommand:
            return Done(repeated=True) if done else DECIDED_BEFORE
        return Done()

    async def _unknown(self, errand: Errand, name: str) -> Done | Refused:
        """Nothing to delete, unless this very wish has deleted it."""
        no = refusal("no_such_template", self._no_such(name))
        try:
            return await refuse(self._floor, errand, "delete_template", no)
        except DuplicateCommand:
            return Done(repeated=True)

    def _is_gone(self, name: str) -> bool:
        return name not in self._floor.book.templates

    def _no_such(self, name: str) -> str:
        near = difflib.get_close_matches(name[:40], list(self._floor.book.templates), n=3)
        nearest = f" Nearest: {', '.join(near)}." if near else " /template list shows all."
        return f"There is no template “{name[:40]}”.{nearest}"


def _objections(templates: Sequence[OrderTemplate]) -> list[Reason]:
    names = [template.name for template in templates]
    twice = sorted({name for name in names if names.count(name) > 1})
    against = [Reason("template_twice", f"The name {name} is there twice.") for name in twice]
    for template in templates:
        against += [
            Reason("bad_template", f"Template {template.name[:32]}: {misfit}")
            for misfit in misfits(template)
        ]
    return against


def _too_many() -> Reason:
    return Reason(
        "too_many_templates",
        f"At most {MOST_TEMPLATES} templates are kept. Delete one first: /template delete NAME.",
    )
