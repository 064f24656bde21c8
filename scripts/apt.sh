# shellcheck shell=bash
# Packages of any Debian suite and architecture, downloaded and unpacked into a
# directory without touching what this machine has installed, and directories
# of the cache that are made once. Sourced, after lib.sh, never run.

# once DIR MAKER [ARG...]: makes DIR, if absent, by calling MAKER with an empty
# directory as its last argument. Others wait; nobody sees it half made.
once() {
	local dir=$1 fill
	shift
	[[ -d $dir ]] && return
	mkdir -p "${dir%/*}"
	(
		flock 9
		[[ -d $dir ]] && exit
		# What a run that was killed left behind.
		rm -rf "$dir".??????
		fill=$(mktemp -d "$dir.XXXXXX")
		# shellcheck disable=SC2064 # the value of now is meant
		trap "rm -rf '$fill'" EXIT
		trap 'exit 1' INT TERM HUP
		chmod 755 "$fill"
		"$@" "$fill"
		mv -T "$fill" "$dir"
	) 9>"$dir.lock"
}

# quietly WHAT COMMAND...: shows what the command said only if it failed.
quietly() {
	local what=$1 said
	shift
	said=$("$@" 2>&1) || die "$what:"$'\n'"$said"
}

# mirror SUITE: prints the address of the repository that holds it: the one
# that apt is configured to use.
mirror() {
	local codename address
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	[[ $1 == *-security ]] && codename+=-security
	# shellcheck disable=SC2016 # for apt, not for the shell
	address=$(apt-get indextargets --format '$(RELEASE) $(CODENAME) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v want="$codename" '$1 == want || $2 == want { print $NF; exit }')
	[[ $address ]] || die "apt knows no repository for '$codename', so" \
		"there is no mirror to fetch $1 from; add one to /etc/apt"
	echo "$address"
}

# apt_of ARCH SUITES COMMAND...: runs an apt command on a private state that
# knows only these suites, for this machine's architecture and ARCH.
apt_of() {
	local arch=$1 state=$DITHER_CACHE_DIR/apt/$2-$1 command=$3
	shift 3
	"$command" -q \
		-o Dir::Etc::SourceList="$state/sources.list" \
		-o Dir::Etc::SourceParts=- \
		-o Dir::State="$state" \
		-o Dir::State::Lists="$state/lists" \
		-o Dir::State::Status=/dev/null \
		-o Dir::Cache="$state/cache" \
		-o APT::Architecture="${APT_ARCH:-$(host_arch)}" \
		-o APT::Architectures::="$(host_arch)" \
		-o APT::Architectures::="$arch" \
		-o APT::Sandbox::User="$(id -un)" \
		-o APT::Get::List-Cleanup=false \
		-o Acquire::Languages=none \
		-o Acquire::Check-Valid-Until=false \
		-o APT::Update::Error-Mode=any \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
		"$@"
}

# update ARCH SUITES: brings the private index up to date, at most once an hour.
update() {
	local state=$DITHER_CACHE_DIR/apt/$2-$1 suite sources=''
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	(
		flock 8
		[[ -z $(find "$state/updated" -mmin -60 2>/dev/null) ]] || exit 0
		for suite in ${2//,/ }; do
			sources+="deb $(mirror "$suite") $suite main"$'\n'
		done
		printf '%s' "$sources" >"$state/sources.list"
		quietly "cannot read the index of $2" apt_of "$1" "$2" apt-get update
		touch "$state/updated"
	) 8>"$state/lock"
}

# download ARCH SUITES DIR PACKAGE...: puts these packages into DIR.
download() {
	local arch=$1 suites=$2 dir=$3
	shift 3
	mkdir "$dir"
	(
		cd "$dir" || exit
		quietly "cannot download $* from $suites" \
			apt_of "$arch" "$suites" apt-get download "$@"
	)
}

# unpack ROOT DEB...: extracts packages, keeping the links of a merged /usr.
unpack() {
	local root=$1 deb
	shift
	for deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink -C "$root" ||
			die "cannot unpack $deb"
	done
}
