"""Settings of the 公众号: all of it, none of it, and what is wrong with half of it."""

from __future__ import annotations

import pytest

from config import ConfigError, MpSettings, TemplateSettings, load

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
MP = {"WECHAT_MP_APP_ID": "wx1", "WECHAT_MP_SECRET": "s", "WECHAT_MP_TOKEN": "t"}


def test_without_a_key_it_is_plain_mode() -> None:
    assert load(MP).mp == MpSettings("wx1", "s", "t", "", "https://api.weixin.qq.com", None)
    assert load({}).mp is None


def test_with_everything() -> None:
    template = {
        "WECHAT_MP_TEMPLATE": "T-1",
        "WECHAT_MP_TEMPLATE_FIELDS": "character_string1.DATA=编号， phrase2 = 状态,thing3=说明",
    }
    mp = load({**MP, **template, "WECHAT_MP_AES_KEY": KEY, "WECHAT_MP_API_BASE": "https://wx.example/"}).mp
    assert mp is not None
    assert (mp.aes_key, mp.api_base) == (KEY, "https://wx.example")
    assert mp.template == TemplateSettings(
        "T-1", (("character_string1", "编号"), ("phrase2", "状态"), ("thing3", "说明"))
    )


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"WECHAT_MP_APP_ID": "wx1"}, "WECHAT_MP_SECRET 缺少(同一通道的其他变量已填)"),
        ({**MP, "WECHAT_MP_AES_KEY": "short"}, "WECHAT_MP_AES_KEY 应为 43 个字母或数字(EncodingAESKey)"),
        (
            {**MP, "WECHAT_MP_TEMPLATE": "T"},
            "WECHAT_MP_TEMPLATE 与 WECHAT_MP_TEMPLATE_FIELDS 要么都填,要么都不填",
        ),
        (
            {**MP, "WECHAT_MP_TEMPLATE": "T", "WECHAT_MP_TEMPLATE_FIELDS": "thing1=店名"},
            (
                "WECHAT_MP_TEMPLATE_FIELDS 应为「关键词=内容」,用逗号隔开,"
                "内容可以是:编号、状态、路段、类别、说明、时间,现在是「thing1=店名」"
            ),
        ),
        (
            {**MP, "SANDBOX": "1", "WECOM_API_BASE": "http://127.0.0.1:9"},
            "SANDBOX=1 只能与本机的 WECHAT_MP_API_BASE 一起用(演示环境不得连真实平台)",
        ),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(environ)
    assert problem in raised.value.problems


def test_no_secret_is_shown() -> None:
    shown = repr(load({**MP, "WECHAT_MP_AES_KEY": KEY}).mp)
    assert all(word not in shown for word in ("'s'", "'t'", KEY))
