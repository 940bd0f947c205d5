#!/bin/sh
# What the tests need of Debian: a browser, and a Java for Amazon's DynamoDB Local.
#
# `cargo xtask tools` runs this when one of the two is missing; nothing else of this repository calls apt-get.
set -eu
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "root is needed once: sudo $0" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core default-jre-headless
