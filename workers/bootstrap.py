"""The composition root of the worker process: everything a job works with, made once per process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import redis
from sqlalchemy import Connection

import config
from bot.access_token import TokenManager
from bot.aibot import parse as aibot
from bot.aibot.pictures import AibotPictures
from bot.aibot.sender import ReplySender
from bot.aibot_connect.link import Link
from bot.aibot_connect.senders import PushSender, RespondSender, UpdateSender, WelcomeSender
from bot.app_channel import parse as app_channel
from bot.app_channel.client import AppClient, AppIssuer
from bot.app_channel.sender import AppSender, CardSender
from bot.dispatch.pictures import DispatchPictures
from bot.dispatch.sender import DispatchSender
from bot.download import Downloader
from bot.media import PictureFetcher, PictureSource
from bot.mp import parse as mp
from bot.mp.client import MpIssuer
from bot.mp.notice_sender import NoticeSender
from bot.mp.sender import MpSender
from bot.pictures_by_id import PicturesById
from bot.platform_api import PlatformApi
from bot.relay import parse as relay
from bot.token_client import TokenClient
from bot.uploads import Uploads
from bot.wake import Waker, connect
from bot.webhook_push.sender import WebhookSender
from config import Settings
from domain import dispatching
from domain.clock import BusinessTime, MachineTime
from domain.office import Office
from domain.outgoing import CONNECTED, RouteKind, Sender
from domain.reach import Reach
from domain.roster import Roster
from domain.rules import Rules
from domain.settings import DistrictSettings
from domain.settings_text import applied, parse_settings
from domain.taxonomy import Taxonomy, parse_taxonomy
from domain.working_time import WorkingTime
from nlp.classifier import Classifier, load_classifier
from nlp.reading import Gazetteer, SectionName, ShopName
from store import clock, followers, leaves, own_quiet, spoken
from store import roster as roster_store
from store import settings as settings_store
from store.database import Database
from store.outbox import EVERY_ROUTE
from workers.holidays import load_holidays

TAXONOMY_FILE = Path(__file__).parent.parent / "data" / "taxonomy.csv"


def machine_now() -> MachineTime:
    """The machine clock; the only place in workers/ that reads it."""
    return MachineTime(datetime.now(UTC))


@dataclass
class Parts:
    """What jobs work with. Roster and classifier follow the roster version in the database."""

    settings: Settings
    database: Database
    waker: Waker
    senders: Mapping[RouteKind, Sender]
    fetcher: PictureFetcher
    taxonomy: Taxonomy
    rules: Rules
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _roster: tuple[int, Roster] = (0, Roster())
    _classifier: tuple[int, Gazetteer, Classifier] | None = None
    _in_force: tuple[int, DistrictSettings] = (0, DistrictSettings())
    _spoken: tuple[int, frozenset[str]] = (0, frozenset())

    def office(self) -> Office:
        """The district as it is now."""
        with self._lock, self.database.read() as connection:
            version = roster_store.current_version(connection)
            if version != self._roster[0]:
                self._roster = roster_store.current(connection) or (0, Roster())
            absent = leaves.absent(connection, self.business_now(connection, machine_now()))
            in_force = self._settings_in_force(connection)
            quiet = own_quiet.everybody(connection)
            reach = self._reach(connection)
        name = self.settings.bot_names[0] if self.settings.bot_names else "路管家"
        reachable = self.settings.app is not None
        version, roster = self._roster
        pilot = self.settings.pilot_groups
        taxonomy = applied(self.taxonomy, in_force) if in_force.kinds else self.taxonomy
        plain = Office(roster, taxonomy, self.rules, absent, name, reachable, version, pilot)
        archive = self.settings.relay is not None
        sources = {source.name: source.title for source in self.settings.dispatch}
        listeners = frozenset(source.name for source in self.settings.dispatch if source.webhook)
        return replace(
            plain,
            settings=in_force,
            own_quiet=quiet,
            reach=reach,
            archive=archive,
            sources=sources,
            listeners=listeners,
        )

    def _reach(self, connection: Connection) -> Reach:
        """The ways that are open; of the chats that have spoken only the new ones are read."""
        last, known = self._spoken
        last, new = spoken.since(connection, last)
        if new:
            self._spoken = last, known | new
        keyed, has_mp = roster_store.push_key_ids(connection), self.settings.mp is not None
        talking = followers.talking(connection, machine_now()) if has_mp else frozenset()
        return Reach(self.settings.connect is not None, keyed, self._spoken[1], has_mp, talking)

    def _settings_in_force(self, connection: Connection) -> DistrictSettings:
        """What the district set for itself; read again only when there is a new version."""
        version = settings_store.current_version(connection)
        if version != self._in_force[0]:
            text = settings_store.document(connection, version) or ""
            self._in_force = (version, parse_settings(text, self.taxonomy))
        return self._in_force[1]

    @property
    def routes(self) -> frozenset[RouteKind]:
        """What this worker sends: all but what only the holder of the robot's socket can."""
        return EVERY_ROUTE - CONNECTED if self.settings.connect else EVERY_ROUTE

    def offers(self, route: RouteKind) -> bool:
        """Whether this route leads anywhere."""
        return route in self.senders or (route in CONNECTED and self.settings.connect is not None)

    def office_with(self, roster: Roster) -> Office:
        """The district as it would be with another roster."""
        return replace(self.office(), roster=roster)

    def classifier(self) -> Classifier:
        """The language layer with the places of the roster that ``office`` last read."""
        with self._lock:
            version, roster = self._roster
            known = self._classifier
            if known is None or known[0] != version:
                places = gazetteer(roster)
                same = known[2] if known is not None and known[1] == places else None  # 绑定 names no place
                cache = self.settings.media_dir.parent / "jieba"
                known = self._classifier = (version, places, same or load_classifier(places, cache))
            return known[2]

    def business_now(self, connection: Connection, now: MachineTime) -> BusinessTime:
        """The business clock; off the machine clock only in a sandbox."""
        return clock.now(connection, now) if self.settings.sandbox else BusinessTime(now)


def gazetteer(roster: Roster) -> Gazetteer:
    """The names of places that people may write, from the roster."""
    sections = tuple(
        SectionName(section.name, section.aliases, section.landmarks) for section in roster.sections
    )
    shops = tuple(
        ShopName(shop.name, shop.section, shop.house_number, shop.short_name or None) for shop in roster.shops
    )
    return Gazetteer(sections, shops)


def rules(settings: Settings) -> Rules:
    """The district's rules of time, from the settings and the calendar."""
    working = WorkingTime(settings.timezone, settings.work_hours, load_holidays())
    return Rules(
        working,
        settings.quiet_hours,
        settings.auto_close,
        settings.summary_at,
        settings.keep_pictures,
        settings.keep_texts,
    )


def build(settings: Settings) -> Parts:
    """All parts for one process."""
    database = Database(settings.database_url)
    waker = Waker(connect(settings.redis_url))
    taxonomy = parse_taxonomy(TAXONOMY_FILE.read_text("utf-8"))
    api = PlatformApi(settings.api_base)
    client, of_mp = _app_client(settings, api, waker), mp_client(settings, waker)
    senders = _senders(settings, api, database, client) | _mp_senders(settings, of_mp)
    sources = _picture_sources(settings, client) | _mp_pictures(settings, of_mp)
    fetcher = PictureFetcher(settings.media_dir, sources)
    return Parts(settings, database, waker, senders, fetcher, taxonomy, rules(settings))


def build_connected(settings: Settings, link: Link) -> Parts:
    """The parts of the process that holds the robot's connection: it sends by that and nothing else."""
    parts = build(settings)

    def spoken_in(chat_id: str) -> bool:
        with parts.database.read() as connection:
            return spoken.has(connection, chat_id)

    def name_of(userid: str) -> str:
        return parts.office().name_of(userid)

    push = PushSender(link, settings.media_dir, spoken_in, name_of)
    respond, welcome, updated = RespondSender(link), WelcomeSender(link), UpdateSender(link)
    by_link: dict[RouteKind, Sender] = {
        "respond": respond, "chat": push, "direct": push, "welcome": welcome, "update": updated
    }  # fmt: skip
    return replace(parts, senders={**parts.senders, **by_link})


def _app_client(settings: Settings, api: PlatformApi, waker: Waker) -> AppClient | None:
    if settings.app is None:
        return None
    tokens = TokenManager(AppIssuer(settings.app, api), waker.connection, machine_now)
    return AppClient(api, tokens, settings.app.agent_id)


def mp_client(settings: Settings, waker: Waker) -> TokenClient | None:
    """The 公众号's account; None without one."""
    if settings.mp is None:
        return None
    api = PlatformApi(settings.mp.api_base, terse=True)
    return TokenClient(api, TokenManager(MpIssuer(settings.mp, api), waker.connection, machine_now))


def _mp_senders(settings: Settings, client: TokenClient | None) -> dict[RouteKind, Sender]:
    if client is None or settings.mp is None:
        return {}
    senders: dict[RouteKind, Sender] = {"mp": MpSender(client, settings.media_dir)}
    if settings.mp.template is not None:
        senders["mp_notice"] = NoticeSender(client, settings.mp.template)
    return senders


def _mp_pictures(settings: Settings, client: TokenClient | None) -> dict[str, PictureSource]:
    if client is None:
        return {}
    return {mp.CHANNEL: PicturesById(client, Downloader(client.base, settings.media_hosts))}


def _picture_sources(settings: Settings, client: AppClient | None) -> dict[str, PictureSource]:
    downloader = Downloader(settings.api_base, settings.media_hosts)
    sources: dict[str, PictureSource] = {}
    if settings.aibot or settings.connect:
        sources[aibot.CHANNEL] = AibotPictures(settings.aibot, downloader)
    if client is not None:
        sources[app_channel.CHANNEL] = PicturesById(client, downloader)
    if settings.relay:
        sources[relay.CHANNEL] = Uploads(settings.media_dir)
    if settings.dispatch:
        from_hosts = Downloader(settings.api_base, settings.dispatch_media_hosts)
        sources[dispatching.CHANNEL] = DispatchPictures(Uploads(settings.media_dir), from_hosts)
    return sources


def _senders(
    settings: Settings, api: PlatformApi, database: Database, client: AppClient | None
) -> dict[RouteKind, Sender]:
    def key_of(chat_id: str) -> str | None:
        with database.read() as connection:
            return roster_store.push_key(connection, chat_id)

    senders: dict[RouteKind, Sender] = {
        "reply": ReplySender(api),
        "webhook": WebhookSender(api, key_of, settings.media_dir),
    }
    if client is not None:
        senders["app"] = app = AppSender(client, settings.media_dir)
        senders["card"] = CardSender(app)
    if settings.dispatch:
        senders["dispatch"] = DispatchSender(settings.dispatch)
    return senders


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The parts of this process, from its environment."""
    return build(config.load())


def redis_for_queues(settings: Settings) -> redis.Redis:
    """A patient client for RQ, whose workers wait on the queues."""
    return redis.Redis.from_url(settings.redis_url)
