#!/usr/bin/env bash
# How NotoSansSC-GBK.otf was made, once, on Debian with fonts-noto-cjk and `pip install fonttools`:
# the simplified-Chinese face of Noto Sans CJK Regular, cut to what GBK can write (21,886 characters; GB2312
# would lack characters of names such as 喆 and 珺) and the arrows and signs that the pictures use.
set -euo pipefail
here=$(dirname "$0")
characters=$(mktemp)
trap 'rm -f "$characters"' EXIT
python3 - >"$characters" <<'PYTHON'
for high in range(0x81, 0xFF):
    for low in range(0x40, 0xFF):
        print(bytes((high, low)).decode("gbk", "ignore"), end="")
print("".join(map(chr, range(0x20, 0x7F))) + "·…—→↑↓▲▼●■⚠±×÷%‰°")
PYTHON
${PYFTSUBSET:-pyftsubset} "${1:-/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc}" --font-number=2 \
  --text-file="$characters" --layout-features='' --no-hinting --notdef-outline \
  --output-file="$here/NotoSansSC-GBK.otf"
