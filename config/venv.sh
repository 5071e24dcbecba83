#!/bin/sh
# venv.sh FOLDER [PYTHON]: an empty virtual environment from the first Python on this machine that is 3.11 or newer.
set -u
folder=$1
asked=${2:-}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

python=
for candidate in ${asked:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    new_enough "$candidate" || continue
    python=${python:-$candidate}
    can_make "$candidate" || continue
    python=$candidate
    break
done

if [ -z "$python" ]; then
    echo "需要 Python 3.11 或更高版本：请安装，或者用 make … PYTHON=/path/to/python3 指定。" >&2
    echo "Python 3.11 or newer is needed: install it, or name it with make … PYTHON=/path/to/python3." >&2
    exit 1
fi
if ! can_make "$python" && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "正在安装 python3-venv… / Installing python3-venv…" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
if ! can_make "$python"; then
    echo "$python 缺少 venv 模块：在 Debian、Ubuntu 上请运行 sudo apt-get install python3-venv，然后重试。" >&2
    echo "$python has no venv module: on Debian or Ubuntu run sudo apt-get install python3-venv, then try again." >&2
    exit 1
fi
rm -rf "$folder"
"$python" -m venv "$folder" || { rm -rf "$folder"; exit 1; }
