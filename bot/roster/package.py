"""Opens a file that is said to be a workbook. Nothing in it is trusted: its size is bounded before anything
is unpacked, formulas are never evaluated, and whatever is damaged ends in a sentence.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from domain.errors import RosterError

LARGEST_FILE = 20 * 2**20
LARGEST_UNPACKED = 80 * 2**20
MOST_PARTS = 2_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_workbook(path: Path) -> Workbook:
    """The workbook, formulas unevaluated. Raises ``RosterError`` for whatever is no usable .xlsx file."""
    content = _bytes_of(path)
    try:
        fault = _fault_of(content)
    except Exception as error:
        raise RosterError([f"{path.name}:不是 .xlsx 文件或已损坏,请用 Excel 另存为 .xlsx"]) from error
    if fault:
        raise RosterError([f"{path.name}:{fault}"])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it will not keep
            return load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except Exception as error:
        reason = f"文件已损坏,读不出来({type(error).__name__});请用 Excel 打开后另存为 .xlsx 再试"
        raise RosterError([f"{path.name}:{reason}"]) from error


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        content = b"" if size > LARGEST_FILE else path.read_bytes()
    except OSError as error:
        raise RosterError([f"{path}:打不开({error.strerror}),请检查文件名和权限"]) from error
    if size > LARGEST_FILE:
        raise RosterError([f"{path.name}:文件有 {size // 2**20} MB,超过 20 MB,请删去图片等无关内容"])
    return content


def _fault_of(content: bytes) -> str | None:
    """Why this is no package of XML parts of sane size, or None. Raises anything if it is no package."""
    if content.startswith(_OLE):
        return "设了打开密码,或是旧版 .xls 格式;请去掉密码,另存为 .xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
            return "解压后过大,多半是整列、整表设了格式;请把内容复制到新建的工作簿再试"
        if "xl/workbook.xml" not in package.namelist():
            return "不是 Excel 工作簿,请另存为 .xlsx"
        if any(b"<!DOCTYPE" in package.read(part) for part in parts if _is_xml(part.filename)):
            return "含有不安全的内容(DOCTYPE),请用 Excel 另存为 .xlsx 再试"
    return None


def _is_xml(filename: str) -> bool:
    return filename.lower().endswith((".xml", ".rels"))
