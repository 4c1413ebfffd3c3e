#!/bin/sh
# Installs Guantong from this folder, without any network: sh install.sh [/opt/guantong]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/guantong}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

say "1/4 检查文件是否完整 · checking that every file is what it was"
cd "$here"
sha256sum --quiet --check SHA256SUMS || stop "文件不完整或被改过，没有安装。请重新拷贝。 Files are missing or changed; nothing was installed. Copy the folder again."

say "2/4 检查 Python · looking at Python"
wanted=$(cat PYTHON)
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || stop "没有找到 Python。请先安装 Python $wanted。 No Python was found; install Python $wanted first."
[ "$found" = "$wanted" ] || stop "这个离线包是为 Python $wanted 做的，这里是 $found。可用 PYTHON=… 指定。 This bundle is for Python $wanted, here is $found; name another with PYTHON=…."

say "3/4 安装到 $target · installing"
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels \
    --require-hashes -r requirements-run.lock
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall wheels/guantong-*.whl

say "4/4 完成 · done"
say "下一步 · next:"
say "  GUANTONG_HOME=/var/lib/guantong $target/bin/guantong migrate"
say "  $here/deploy/systemd, $here/deploy/nginx"
