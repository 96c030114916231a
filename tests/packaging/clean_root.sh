#!/bin/sh
# clean_root.sh DEB DIRECTORY: installs the Debian package into a new minimal Debian 12 (debootstrap,
# as root) in DIRECTORY, which must not exist, and runs it there on the broken sample project.
set -eu
package=$1 root=$2
here=$(cd "$(dirname "$0")/.." && pwd)
[ ! -e "$root" ] || { echo "clean_root.sh: $root exists" >&2; exit 2; }
debootstrap --variant=minbase bookworm "$root" "${MIRROR:-http://deb.debian.org/debian}" >/dev/null
cp "$package" "$root/tmp/migralint.deb"
cp -r "$here/projects/broken-chain" "$root/tmp/project"
chroot "$root" apt-get install -y -q --no-install-recommends /tmp/migralint.deb
status=0
chroot "$root" migralint check /tmp/project || status=$?
[ "$status" -eq 1 ] || { echo "clean_root.sh: expected exit code 1, got $status" >&2; exit 1; }
# Without Graphviz, which is only recommended, what it draws is refused and the rest works.
chroot "$root" migralint graph --format mermaid /tmp/project >/dev/null
! chroot "$root" migralint graph --format svg /tmp/project
echo "installed and run in a clean root"
