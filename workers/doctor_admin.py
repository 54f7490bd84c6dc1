"""doctor on the command line: what is missing or wrong, and with --live each way to the platform, tried."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import config
from bot import security
from bot.access_token import Issuer
from bot.app_channel.client import AppIssuer
from bot.doctor import Finding, Surroundings, examine
from bot.error_codes import ADVICE
from bot.http_client import Bounds, HttpClient, TransportFault
from bot.mp.client import MpIssuer
from bot.platform_api import PlatformApi
from config import Settings, is_loopback
from domain.clock import MachineTime
from domain.errors import SendError
from domain.outgoing import Address, Delivery, RouteKind
from render.picture import FONT
from store import outbox
from store import roster as roster_store
from workers import bootstrap, doctor_settings
from workers.bootstrap import Parts, machine_now
from workers.holidays import calendar_warnings, load_holidays

TEST = "【连通测试】路管家正在测试推送,请忽略。"
CLOCKS_APART = timedelta(minutes=1)


def report(*, live: bool, sure: bool) -> bool:
    """Print every finding; whether all is well. ``live``: try the platform, too; ``sure``: without asking."""
    try:
        settings = config.load()
    except config.ConfigError as error:
        _show([Finding(False, problem) for problem in error.problems])
        print("请先改好以上配置(说明见 .env.example),再运行一次 python -m bot doctor。")
        return False
    today = datetime.now(settings.timezone).date()
    around = Surroundings(calendar_warnings(load_holidays(), today), [FONT])
    well = _show([*examine(settings, around), *doctor_settings.findings(settings)])
    if live:
        well = _show(_live(settings, sure)) and well
    print("一切正常。" if well else "标 ✘ 的请逐条处理,再运行一次。")
    return well


def _show(findings: list[Finding] | Iterator[Finding]) -> bool:
    well = True
    for finding in findings:
        print("✔" if finding.ok else "✘", finding.text, flush=True)
        well = well and finding.ok
    return well


def _live(settings: Settings, sure: bool) -> Iterator[Finding]:
    print("—— 以下连接平台测试 ——", flush=True)
    yield from _clock(settings)
    yield from _callbacks(settings)
    yield from _tokens(settings)
    yield from _sendings(bootstrap.build(settings), sure)


def _clock(settings: Settings) -> Iterator[Finding]:
    client = HttpClient(Bounds(), proxies=not is_loopback(settings.api_base))
    try:
        said = client.get(f"{settings.api_base}/cgi-bin/gettoken").date
        apart = abs(datetime.now(UTC) - parsedate_to_datetime(said))
    except TransportFault as fault:
        yield Finding(False, f"连不上平台 {settings.api_base}({fault.reason}):请检查网络和代理")
        return
    except ValueError:
        return
    if apart < CLOCKS_APART:
        yield Finding(True, "能连上平台,本机时钟与平台一致")
    else:
        seconds = apart.total_seconds()
        yield Finding(False, f"本机时钟与平台相差 {seconds:.0f} 秒,回调会被拒绝:请开启时间同步(NTP)")


def _callbacks(settings: Settings) -> Iterator[Finding]:
    """As the platform verifies an address: our own signed echo has to come back decrypted."""
    base = settings.public_url or f"http://127.0.0.1:{settings.port}"
    if settings.aibot:
        sealer = security.Sealer(settings.aibot.token, settings.aibot.aes_key, "")
        yield _callback(f"{base}/callback/aibot", sealer.verification)
    if settings.app:
        app = settings.app
        sealer = security.Sealer(app.token, app.aes_key, app.corp_id)
        yield _callback(f"{base}/callback/app", sealer.verification)
    if settings.mp:
        yield _callback(f"{base}/callback/mp", partial(security.plain_verification, settings.mp.token))


def _callback(url: str, verification: Callable[[str, MachineTime], dict[str, str]]) -> Finding:
    echo = str(secrets.randbelow(10**18))
    client = HttpClient(Bounds(), proxies=not is_loopback(url))
    try:
        answer = client.get(url, verification(echo, machine_now()))
    except TransportFault as fault:
        return Finding(False, f"回调地址到不了 {url}({fault.reason}):请检查域名、证书和反向代理")
    if answer.status == 200 and answer.body.decode("utf-8", "replace") == echo:
        return Finding(True, f"回调地址可用 {url}")
    hint = {
        403: "Token 或 EncodingAESKey 与正在运行的进程不同,或时钟不准:请重启 web 进程并核对",
        404: "路由没有打开:该通道的变量没有填全,或反向代理转错了地方",
    }.get(answer.status, "请检查反向代理和 web 进程日志")
    return Finding(False, f"回调地址回答不对 {url}(HTTP {answer.status}):{hint}")


def _tokens(settings: Settings) -> Iterator[Finding]:
    if settings.app:
        yield _token("自建应用", AppIssuer(settings.app, PlatformApi(settings.api_base)))
    if settings.mp:
        yield _token("公众号", MpIssuer(settings.mp, PlatformApi(settings.mp.api_base, terse=True)))


def _token(name: str, issuer: Issuer) -> Finding:
    try:
        answer = issuer.issue("")
    except SendError as error:
        return Finding(False, f"取不到{name}的 access_token:{error.reason}")
    advice = ADVICE.get(answer.code, f"错误码 {answer.code}")
    good = answer.code == 0
    return Finding(good, f"{name}的凭证有效" if good else f"{name}的凭证无效:{advice}")


def _sendings(parts: Parts, sure: bool) -> Iterator[Finding]:
    """One word to every group with a key, and to the first administrator; only after saying so."""
    targets = _targets(parts)
    if not targets:
        yield Finding(True, "没有可以试发的群或管理员")
        return
    names = "、".join(name for _, _, name in targets)
    print(f"将各发一条「{TEST}」到:{names}", flush=True)
    if not sure and _answer("现在发送吗?(y/N) ") != "y":
        yield Finding(True, "没有试发(未确认)")
        return
    for route, target, name in targets:
        yield _sent(parts, route, target, name)


def _answer(question: str, ask: Callable[[str], str] = input) -> str:
    try:
        return ask(question).strip().lower()
    except EOFError:
        return ""


def _targets(parts: Parts) -> list[tuple[RouteKind, str, str]]:
    office = parts.office()
    with parts.database.read() as connection:
        keys = roster_store.push_key_ids(connection)
    found: list[tuple[RouteKind, str, str]] = [
        ("webhook", group.chat_id, group.name)
        for group in office.roster.groups
        if group.chat_id in keys and office.may_write_to(group.chat_id)
    ]
    administrator = next(iter(office.roster.administrators()), None)
    if office.app and administrator is not None:
        found.append(("app", administrator.userid, f"{administrator.name}(1:1)"))
    return found


def _sent(parts: Parts, route: RouteKind, target: str, name: str) -> Finding:
    with parts.database.write() as connection:
        if not outbox.spend(connection, Address(route, target), machine_now()):
            return Finding(True, f"{name}:本分钟已发满,跳过")
    try:
        parts.senders[route].send(Delivery(route, target, TEST, f"doctor-{secrets.token_hex(4)}", anew=True))
    except SendError as error:
        return Finding(False, f"{name}:发不出去,{error.reason}")
    return Finding(True, f"{name}:已送达")
