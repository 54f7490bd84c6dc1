"""The command line: ``python -m bot …``. A composition root: each command imports what it needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import config
from bot import logs
from domain.errors import LuguanjiaError, StoreUnavailable

if TYPE_CHECKING:
    from workers.bootstrap import Parts

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 if all is well, 1 if not, 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    logs.set_up()
    command: Command = options.command
    try:
        return command(options)
    except StoreUnavailable as error:
        print(f"数据库用不了:{error}。还没有建表的话,请先运行 python -m bot migrate", file=sys.stderr)
        return 1
    except (config.ConfigError, LuguanjiaError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="路管家")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    add("run", _run, "在本机启动演示环境(Redis、网页、后台、沙盒)")
    add("migrate", _migrate, "建立或升级数据库结构")
    doctor = add("doctor", _doctor, "检查缺什么、错什么")
    doctor.add_argument("--live", action="store_true", help="连接平台逐项测试(试发前先说明并询问)")
    doctor.add_argument("--yes", action="store_true", help="与 --live 一起:不再询问")
    add("prune", _prune, "删除到期的照片和文字(统计保留;也会每天自动做)")
    for name, command, text in (
        ("backup", _backup, "把数据库和图片备份成一个文件(不必停机)"),
        ("restore", _restore, "把备份恢复到一个空的数据库"),
    ):
        add(name, command, text).add_argument("file", type=Path, metavar="FILE.tar.gz")
    classify = add("classify", _classify, "逐行判断消息:输入输出都是 JSON 行")
    classify.add_argument("--section", help="消息没写路段时默认的路段")
    evaluate = add("evaluate", _evaluate, "用标注好的 JSON 行衡量识别效果")
    evaluate.add_argument("file", type=Path, metavar="FILE.jsonl")
    code = add("qr", _qr, "为一个路段制作公众号二维码海报(PNG,A4 打印)")
    code.add_argument("section", metavar="路段")
    code.add_argument("--out", type=Path, metavar="FILE.png", help="写到哪个文件(默认 二维码-路段.png)")
    add("menu", _menu, "设置公众号底部菜单")
    letters = add("letters", _letters, "列出处理不了的消息和发不出去的消息")
    again = letters.add_subparsers(metavar="动作").add_parser("retry", help="重试其中一条,或全部")
    again.add_argument("name", metavar="编号|all")
    again.set_defaults(command=_letters_retry)
    _add_export(add("export", _export, "把案件台账导出为 Excel(按上报时间)"))
    _add_lexicon(add("lexicon", _missing_action, "词典"))
    _add_roster(add("roster", _missing_action, "路长名册"))
    _add_settings(add("settings", _missing_action, "提醒、升级、时限等设置"))
    _add_group(add("group", _missing_action, "群与推送 key"))
    return parser


def _qr(options: argparse.Namespace) -> int:
    from workers import mp_admin

    target = mp_admin.make_poster(_parts(), options.section, options.out)
    print(f"海报已写到 {target}:请用 A4 纸打印,贴在服务亭;扫码的人一打开就知道是哪条路")
    return 0


def _menu(_: argparse.Namespace) -> int:
    from workers import mp_admin

    names = mp_admin.set_menu(_parts())
    print(f"公众号菜单已设置:{'、'.join(names)}(手机上过几分钟可见,最迟次日)")
    return 0


def _add_settings(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="动作")
    for name, text in (
        ("check", "检查设置文件,不生效"),
        ("import", "检查并生效,存为新的一版"),
        ("export", "写出现行的设置"),
    ):
        sub = actions.add_parser(name, help=text, description=text)
        sub.add_argument("file", type=Path, nargs="?", default=Path("data/settings.ini"), metavar="FILE.ini")
        sub.set_defaults(command=_settings, action=name)


def _settings(options: argparse.Namespace) -> int:
    from workers import settings_admin

    actions = {
        "check": settings_admin.check,
        "import": settings_admin.put_in_force,
        "export": settings_admin.export,
    }
    actions[options.action](_parts(), options.file)
    return 0


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.xlsx")
    parser.add_argument("--since", type=date.fromisoformat, metavar="2026-11-01", help="从这一天(默认最早)")
    parser.add_argument("--until", type=date.fromisoformat, metavar="2026-11-30", help="到这一天,含当天")
    parser.add_argument("--log", action="store_true", help="导出路长制工作日志,而不是台账")
    parser.add_argument("--place", default="", metavar="街道或路段", help="默认全区")


def _export(options: argparse.Namespace) -> int:
    from workers import exporting

    parts = _parts()
    write = exporting.log_to_file if options.log else exporting.to_file
    rows = write(parts, options.file, (options.since, options.until), options.place)
    print(f"已导出 {rows} 行到 {options.file}")
    return 0


def _add_lexicon(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="动作")
    actions.add_parser("suggest", help="从聊天中的更正提出新词").set_defaults(command=_lexicon_suggest)
    test = actions.add_parser("test", help="换一套词典会改变什么")
    test.add_argument("file", type=Path, metavar="FILE.jsonl", help="标注好的消息")
    test.add_argument("--lexicon", type=Path, required=True, metavar="DIR", help="新词典的目录(同 nlp/data)")
    test.set_defaults(command=_lexicon_test)


def _add_roster(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="动作")
    for name, action, text in (
        ("check", _roster_check, "检查名册文件,不写入"),
        ("diff", _roster_diff, "与现行名册比较"),
        ("import", _roster_import, "检查并导入名册"),
        ("export", _roster_export, "导出现行名册(不含推送key)"),
    ):
        sub = actions.add_parser(name, help=text, description=text)
        sub.add_argument("file", type=Path, metavar="FILE.xlsx")
        sub.set_defaults(command=action)
        if name == "import":
            sub.add_argument("--dry-run", action="store_true", help="只看结果,不写入")
    actions.add_parser("versions", help="列出所有版本").set_defaults(command=_roster_versions)
    restore = actions.add_parser("restore", help="让以前的一版重新生效")
    restore.add_argument("version", type=int, metavar="N", help="版本号,见 roster versions")
    restore.add_argument("--dry-run", action="store_true", help="只看结果,不写入")
    restore.set_defaults(command=_roster_restore)


def _add_group(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="动作")
    actions.add_parser("list", help="列出所有群").set_defaults(command=_group_list)
    for name, action, text in (
        ("key", _group_key, "保存一个群的推送 key(从键盘或标准输入读取,不再显示)"),
        ("remove", _group_remove, "取消登记一个群"),
    ):
        sub = actions.add_parser(name, help=text, description=text)
        sub.add_argument("chat_id", metavar="CHAT_ID", help="群编号:在群里 @机器人 本群")
        sub.set_defaults(command=action)
    tell = actions.add_parser("tell", help="向还没告知过的群发隐私告知(发前先列出)")
    tell.add_argument("--yes", action="store_true", help="不再询问")
    tell.set_defaults(command=_group_tell)


def _group_list(_: argparse.Namespace) -> int:
    from workers import group_admin

    group_admin.list_groups(_parts())
    return 0


def _group_key(options: argparse.Namespace) -> int:
    from workers import group_admin

    group_admin.store_key(_parts(), options.chat_id)
    return 0


def _group_remove(options: argparse.Namespace) -> int:
    from workers import group_admin

    group_admin.remove(_parts(), options.chat_id)
    return 0


def _group_tell(options: argparse.Namespace) -> int:
    from workers import group_admin

    group_admin.tell(_parts(), sure=options.yes)
    return 0


def _missing_action(_: argparse.Namespace) -> int:
    print("请写动作,可用 -h 查看", file=sys.stderr)
    return 2


def _run(_: argparse.Namespace) -> int:
    from workers import local

    local.run()
    return 0


def _parts() -> Parts:
    from workers import bootstrap

    return bootstrap.build(config.load())


def _migrate(_: argparse.Namespace) -> int:
    from store import schema
    from store.database import Database

    schema.migrate(Database(config.load().database_url))
    print("数据库结构已是最新。")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from workers import doctor_admin

    return 0 if doctor_admin.report(live=options.live, sure=options.yes) else 1


def _prune(_: argparse.Namespace) -> int:
    from workers import prune

    prune.prune_now(_parts())
    return 0


def _backup(options: argparse.Namespace) -> int:
    from workers import backup_admin

    backup_admin.backup(config.load(), options.file)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from workers import backup_admin

    backup_admin.restore(config.load(), options.file)
    return 0


def _letters(_: argparse.Namespace) -> int:
    from workers import letters_admin

    letters_admin.list_letters(_parts())
    return 0


def _letters_retry(options: argparse.Namespace) -> int:
    from workers import letters_admin

    letters_admin.retry(_parts(), options.name)
    return 0


def _classify(options: argparse.Namespace) -> int:
    from workers import language

    language.classify(options.section)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from workers import language

    language.measure(options.file)
    return 0


def _lexicon_suggest(_: argparse.Namespace) -> int:
    from workers import language

    language.propose()
    return 0


def _lexicon_test(options: argparse.Namespace) -> int:
    from workers import language

    language.try_out(options.file, options.lexicon)
    return 0


def _roster_check(options: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.check(_parts(), options.file)
    return 0


def _roster_diff(options: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.compare(_parts(), options.file)
    return 0


def _roster_import(options: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.bring_in(_parts(), options.file, dry_run=options.dry_run)
    return 0


def _roster_export(options: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.export(_parts(), options.file)
    return 0


def _roster_versions(_: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.list_versions(_parts())
    return 0


def _roster_restore(options: argparse.Namespace) -> int:
    from workers import roster_admin

    roster_admin.restore(_parts(), options.version, dry_run=options.dry_run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
