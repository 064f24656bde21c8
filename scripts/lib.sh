# shellcheck shell=bash
# What the scripts of this folder share: messages, the cache, names of
# architectures. Sourced, never run.

# Everything fetched or derived lives here and may be deleted at any time.
# shellcheck disable=SC2034 # read by the scripts that source this file
DITHER_CACHE_DIR=$(realpath -m "${DITHER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dither}")

note() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	note "$@"
	exit 1
}

# Wrong use, as opposed to something that failed.
usage_error() {
	note "$* (see ${0##*/} --help)"
	exit 2
}

# need COMMAND PACKAGE: the command must exist.
need() {
	command -v "$1" >/dev/null ||
		die "the command '$1' is missing; install it: apt-get install $2"
}

# The build machine's architecture, by Debian's name for it.
host_arch() {
	dpkg --print-architecture
}

# kernel_arch ARCH: the kernel's name (make ARCH=) for Debian's.
kernel_arch() {
	case $1 in
	amd64) echo x86 ;;
	arm64) echo arm64 ;;
	armhf) echo arm ;;
	riscv64) echo riscv ;;
	*) die "unknown architecture '$1'" ;;
	esac
}

# gnu_triplet ARCH: the prefix of the cross tools, without the last dash.
gnu_triplet() {
	case $1 in
	amd64) echo x86_64-linux-gnu ;;
	arm64) echo aarch64-linux-gnu ;;
	armhf) echo arm-linux-gnueabihf ;;
	riscv64) echo riscv64-linux-gnu ;;
	*) die "unknown architecture '$1'" ;;
	esac
}

# hand_back PATH...: gives what a script under sudo made to the one who called it.
hand_back() {
	[[ ! ${SUDO_UID-} ]] || chown -R "$SUDO_UID${SUDO_GID+:$SUDO_GID}" -- "$@"
}
