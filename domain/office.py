"""The district as it is now: people, categories, rules. Read once per batch of work, never changed by it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.clock import BusinessTime
from domain.issues import Issue, Promise
from domain.roster import Person, Role, Roster
from domain.rules import Rules
from domain.taxonomy import SubCategory, Taxonomy


@dataclass(frozen=True, slots=True)
class Office:
    """absent: userids on leave now. bot_name: what people type after @. app: whether people can be reached
    1:1 by the self-built app."""

    roster: Roster
    taxonomy: Taxonomy
    rules: Rules
    absent: frozenset[str]
    bot_name: str
    app: bool

    def label(self, issue: Issue) -> str:
        """``停车秩序·非机动车乱停放``."""
        return self.taxonomy.label(issue.category, issue.sub)

    def owner_name(self, issue: Issue) -> str:
        """The owner as others see him."""
        return self.name_of(issue.owner) if issue.owner else "待指派"

    def name_of(self, userid: str) -> str:
        """A person's name as others see it; an unknown id stays as it is."""
        person = self.roster.person(userid)
        if person is not None:
            return person.title
        shop = self.roster.shop_of(userid)
        return shop.name if shop else userid

    def group_for(self, issue: Issue) -> str | None:
        """The chat id where word of an issue goes: where it was reported, else the section's own group."""
        if issue.chat_id and self.roster.group(issue.chat_id):
            return issue.chat_id
        group = self.roster.street_group_of(issue.section) if issue.section else None
        return group.chat_id if group else None

    def promise(self, row: SubCategory, since: BusinessTime, subdistrict: str, *, danger: bool) -> Promise:
        """The deadline of a fresh assignment."""
        return self.rules.promise(row.duration, since, danger=danger, on_duty=self._on_duty(subdistrict))

    def _on_duty(self, subdistrict: str) -> "OnDuty":
        return lambda moment: bool(self.roster.on_duty(subdistrict, moment))

    def owner_of(self, issue: Issue) -> str | None:
        """Who owns a problem at the issue's place now."""
        if issue.section is None:
            return None
        person = self.roster.owner(issue.section, issue.house_number, self.absent)
        return person.userid if person else None

    def responsible(self, issue: Issue, person: Person) -> bool:
        """Whether a person may act on an issue as its owner or as one who watches over the section."""
        if issue.owner and person.userid == issue.owner:
            return True
        if issue.section:
            return self.roster.may_manage(person, issue.section)
        return person.role is Role.ADMINISTRATOR or (person.unit == issue.subdistrict and bool(person.unit))
