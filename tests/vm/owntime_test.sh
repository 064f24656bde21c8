# shellcheck shell=bash
# Whether what report calls dither's own time is what a session takes, within a
# tenth; of what it does for mappings, four fifths at least: the way to what waits
# for the return to user mode is not seen. For a guest that counts
# instructions (scripts/vm -i), of one CPU, where the clock's ns
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

# What is done once for all pieces, and before the program begins, is in a run of
# one piece as well.

# _with PERIOD_NS KIND COUNT: in a session; sets with and told.
_with() {
	local input output _ begin one all status=0

	rm -f in out
	mkfifo in out
	"$hostile/held" "$1" tables < in > out &
	exec {input}> in {output}< out
	# No process is begun for that: it would be told of, too.
	read -r _ <&"$output"
	_pieces "$2" 1 && echo >&"$input" && read -r _ begin <&"$output" &&
		_pieces "$2" 1 && echo >&"$input" && read -r _ one <&"$output" &&
		_pieces "$2" "$3" && echo >&"$input" && read -r _ all <&"$output" ||
		status=1
	exec {input}>&-
	cat <&"$output" > /dev/null
	exec {output}<&-
	wait
	with=$(< took)
	told=$((all - one - (one - begin)))
	return $status
}

# _counts NAME PERIOD_NS KIND COUNT LEAST: what so many pieces take longer in a
# session is, by that share at least, what it calls its own time meanwhile.
_counts() {
	local name=$1 plain with told
	shift

	_pieces "$2" "$3" && _pieces "$2" "$3" && plain=$(< took) &&
		_with "$1" "$2" "$3" || return
	comment "$name: $((with - plain)) more instructions for $3 pieces," \
		"$told told ($plain without a session)"
	awk -v took=$((with - plain)) -v told="$told" -v least="$4" 'BEGIN {
		ratio = took > 0 ? told / took : 0
		exit !(ratio > least && ratio < 1.1)
	}' || fail "$name: $told told of $((with - plain))"
}

_small_root

own_time_of_samples_is_what_they_take_within_a_tenth() {
	_counts 'samples of a loop' 1000000 spin 300 .9
}

own_time_of_execs_is_what_they_take_within_a_tenth() {
	_counts 'execs' 1000000000 exec 600 .9
}

own_time_of_mappings_is_what_they_take_or_a_fifth_less() {
	_counts 'mappings' 1000000000 map 6000 .8
}

run_tests "${BASH_SOURCE[0]}"
