#!/usr/bin/env bash
# Builds var/luguanjia-<version>-py<x.y>-<machine>.tar.gz: everything that a machine without network needs but
# Python itself. To be built on a machine of the same kind (Python, processor). Contents: see install.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
tag=$($python -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1]}")')
name=luguanjia-$version-py$tag-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/$name
mkdir -p "$root/wheels" "$root/app" var

$python -m pip wheel --quiet --disable-pip-version-check --wheel-dir "$root/wheels" -r requirements.txt \
  "async-timeout>=4.0.3"  # redis asks for it on Python 3.11.0 to 3.11.2, which this machine may not be
git archive HEAD | tar -x -C "$root/app" --exclude=tests --exclude=.ci
echo "$tag" > "$root/PYTHON"
cp deploy/install.sh "$root/install.sh"
(cd "$root" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
tar -C "$work" -czf "var/$name.tar.gz" "$name"
(cd var && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "var/$name.tar.gz"
