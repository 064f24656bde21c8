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

# build_test_module KERNEL NAME: in the tree's top, one of those in tests/modules
# that stand alone; prints where it is.
build_test_module() {
	local room=build/test-modules-$1
	mkdir -p "$room/tests/modules"
	cp -Rup kmod "$room/"
	cp -Rup "tests/modules/$2" "$room/tests/modules/"
	# shellcheck disable=SC2016 # KDIR is set in there
	scripts/kernels run "$1" sh -c 'make -s -C "$KDIR" M="$0" modules' \
		"$PWD/$room/tests/modules/$2" >&2
	echo "$room/tests/modules/$2/"*.ko
}

# hand_back PATH...: gives what a script under sudo made to the one who called it.
hand_back() {
	[[ ! ${SUDO_UID-} ]] || chown -R "$SUDO_UID${SUDO_GID+:$SUDO_GID}" -- "$@"
}
