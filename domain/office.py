"""The district as it is now: people, categories, rules. Read once per batch of work, never changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from domain.clock import BusinessTime
from domain.deadlines import Clocks, promise
from domain.dispatching import source_of
from domain.followers import UNNAMED, openid_of
from domain.issues import Issue, Promise
from domain.ladder import LadderRules
from domain.quiet import Quiet, Window, duty_spans
from domain.reach import NOWHERE, Reach
from domain.roster import Person, Role, Roster
from domain.rules import Rules
from domain.settings import DistrictSettings
from domain.taxonomy import Clock, Duration, SubCategory, Taxonomy

DEFAULTS = DistrictSettings()
DANGER_WITHIN = Duration(2, "h", Clock.NATURAL)
"""What most dangerous categories of the taxonomy are given."""


@dataclass(frozen=True)
class Office:
    """absent: userids on leave now. bot_name: what people type after @. app: whether people can be reached
    1:1 by the self-built app. roster_version: which version of the roster this is, 0: none was imported.
    pilot: chat ids of the only groups that are written to; empty: all are. archive: whether every word of
    the groups reaches us, not only what is said to the bot. settings: what the district set for itself.
    own_quiet: quiet hours that people asked for themselves (免打扰), by userid. reach: the ways to people and
    groups beside the app. sources: other systems that hand problems over, and what people call them;
    listeners: those that want to hear how they go on."""

    roster: Roster
    taxonomy: Taxonomy
    rules: Rules
    absent: frozenset[str]
    bot_name: str
    app: bool
    roster_version: int = 0
    pilot: frozenset[str] = frozenset()
    archive: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    listeners: frozenset[str] = frozenset()
    settings: DistrictSettings = DEFAULTS
    own_quiet: Mapping[str, Window] = field(default_factory=dict)
    reach: Reach = NOWHERE

    def label(self, issue: Issue) -> str:
        """``停车秩序·非机动车乱停放``."""
        return self.taxonomy.label(issue.category, issue.sub)

    def owner_name(self, issue: Issue) -> str:
        """The owner as others see him."""
        return self.name_of(issue.owner) if issue.owner else "待指派"

    def name_of(self, userid: str) -> str:
        """A person's name as others see it; an unknown id stays as it is, unless it says nothing at all."""
        if (source := source_of(userid)) is not None:
            return self.sources.get(source, source)
        person = self.roster.person(userid)
        if person is not None:
            return person.title
        shop = self.roster.shop_of(userid)
        if shop is not None:
            return shop.name
        return UNNAMED if openid_of(userid) else userid

    def group_for(self, issue: Issue) -> str | None:
        """The chat id where word of an issue goes: where it was reported, else the section's own group."""
        if issue.chat_id and self.roster.group(issue.chat_id):
            return issue.chat_id
        group = self.roster.street_group_of(issue.section) if issue.section else None
        return group.chat_id if group else None

    def pushes_itself(self, chat_id: str) -> bool:
        """Whether the robot can tell a group something unasked, without a push robot there."""
        return self.reach.connect and chat_id in self.reach.spoken

    def spoken_as(self, userid: str) -> str | None:
        """The id by which a person has spoken 1:1 to the robot, so that it can write to him there."""
        if not self.reach.connect:
            return None
        ids = self.roster.ids_of(userid)
        return next((each for each in ids if each in self.reach.spoken), None)

    def member_id(self, userid: str) -> str | None:
        """Under which id a person is in the company, where he can be mentioned and written to by the app."""
        return next((each for each in self.roster.ids_of(userid) if openid_of(each) is None), None)

    def openid(self, userid: str) -> str | None:
        """Where a person can be written to by the 公众号; of several places one where he wrote lately."""
        if not self.reach.mp:
            return None
        known = [openid for each in self.roster.ids_of(userid) if (openid := openid_of(each))]
        return next((each for each in known if each in self.reach.talking), known[0] if known else None)

    def reaches(self, userid: str) -> bool:
        """Whether a person can be told something 1:1 now."""
        by_app = self.app and self.member_id(userid) is not None
        return by_app or self.spoken_as(userid) is not None or self.openid(userid) in self.reach.talking

    def may_write_to(self, chat_id: str) -> bool:
        """Whether a group is one that we write to; the others are read and shown only."""
        return not self.pilot or chat_id in self.pilot

    def owner_of(self, issue: Issue) -> str | None:
        """Who owns a problem at the issue's place now."""
        if issue.section is None:
            return None
        person = self.roster.owner(issue.section, issue.house_number, self.absent)
        return person.userid if person else None

    def chief(self, issue: Issue, level: int) -> str | None:
        """The chief of a level for the issue's section."""
        person = self.roster.chief(issue.section, level, self.absent) if issue.section else None
        return person.userid if person else None

    def supervisors(self, issue: Issue) -> tuple[str, ...]:
        """Who watches the issue's subdistrict."""
        return tuple(person.userid for person in self.roster.supervisors(issue.subdistrict))

    def level_above(self, issue: Issue) -> str | None:
        """Who stands above the present owner."""
        if issue.section is None or issue.owner is None:
            return next(iter(self.supervisors(issue)), None)
        person = self.roster.level_above(issue.section, issue.owner, self.absent)
        return person.userid if person else None

    def responsible(self, issue: Issue, person: Person) -> bool:
        """Whether a person may act on an issue: its owner, a co-handling officer, or one who is responsible
        for its section or watches over it."""
        if person.userid == issue.owner or person.userid in issue.helpers:
            return True
        if issue.section:
            return self.roster.may_manage(person, issue.section)
        works_there = person.role in {Role.CHIEF, Role.SUPERVISOR} and person.unit == issue.subdistrict != ""
        return person.role is Role.ADMINISTRATOR or works_there

    def promise(self, row: SubCategory, since: BusinessTime, subdistrict: str, *, danger: bool) -> Promise:
        """The deadline of a fresh assignment. A danger never gets the days of an ordinary category."""
        duration = DANGER_WITHIN if danger and not row.danger else row.duration
        return promise(since, duration, danger or row.danger, self.clocks(subdistrict))

    def clocks(self, subdistrict: str) -> Clocks:
        """How time counts in a subdistrict: its working hours, and its quiet hours with their duty."""
        return self._ladders.get(subdistrict, self._ladders[""]).clocks

    def ladder(self, subdistrict: str) -> LadderRules:
        """What becomes due when, in a subdistrict."""
        return self._ladders.get(subdistrict, self._ladders[""])

    @cached_property
    def _ladders(self) -> dict[str, LadderRules]:
        names = ["", *(subdistrict.name for subdistrict in self.roster.subdistricts)]
        steps = self.settings.steps
        return {name: LadderRules(self._clocks(name), self.rules.auto_close, steps) for name in names}

    def _clocks(self, subdistrict: str) -> Clocks:
        tz, shifts = self.rules.timezone, self.roster.shifts
        return Clocks(
            self.rules.working_time, Quiet(tz, self.rules.quiet, duty_spans(shifts, subdistrict, tz))
        )
