# shellcheck shell=bash
# Whether what report calls dither's own time is what a session takes: for a
# guest that counts instructions (scripts/vm -i), of one CPU, where the clock's ns
# are instructions, and the same work without a session shows how many it takes.

hostile=$TOOLS/hostile

# A root in memory, or an exec would measure the machine's file system.
_small_root() {
	local program

	mkdir -p root/bin
	for program in "$workloads/pieces" /bin/true; do
		cp -L "$program" root/bin/
		ldd "$program" | awk '/^\t.*\// { print $(NF - 1) }' |
			xargs -I{} cp --parents -L {} root/
	done
}

# _pieces KIND COUNT
_pieces() {
	chroot root /bin/pieces "$1" "$2" > took ||
		fail "pieces $1 ended with $?"
}

# _with PERIOD_NS KIND COUNT: in a session; sets took and own.
_with() {
	local status=0

	rm -f pipe
	mkfifo pipe
	"$hostile/held" "$1" tables < pipe > held.out &
	exec {input}> pipe
	while ! grep -q ready held.out; do
		sleep .1
	done
	_pieces "$2" "$3" || status=1
	exec {input}>&-
	wait
	own=$(awk '$1 == "cpu" { print $NF }' held.out)
	return $status
}

# _counts NAME PERIOD_NS KIND COUNT: a session's own time for twice as many
# pieces, less that for once as many, against what the same takes longer.
_counts() {
	local name=$1 plain with first second
	shift

	_pieces "$2" "$3" && plain=$(< took) && _pieces "$2" $(($3 * 2)) || return
	plain=$(($(< took) - plain))
	_with "$1" "$2" "$3" && first=$own && with=$(< took) &&
		_with "$1" "$2" $(($3 * 2)) && second=$own || return
	with=$(($(< took) - with))
	comment "$name: $((with - plain)) more instructions for $3 pieces," \
		"$((second - first)) told ($plain without a session)"
	awk -v took=$((with - plain)) -v told=$((second - first)) 'BEGIN {
		ratio = took > 0 ? told / took : 0
		exit !(ratio > .9 && ratio < 1.1)
	}' || fail "$name: $((second - first)) told of $((with - plain))"
}

_small_root

own_time_of_samples_is_right_within_a_tenth() {
	_counts 'samples of a loop' 1000000 spin 100
}

own_time_of_execs_is_right_within_a_tenth() {
	_counts 'execs' 1000000000 exec 200
}

own_time_of_mappings_is_right_within_a_tenth() {
	_counts 'mappings' 1000000000 map 2000
}

run_tests "${BASH_SOURCE[0]}"
